"""A district whose hospitals are settled: a synthetic quarter-size year loaded, one month prepaid, the year cleared."""

from pathlib import Path

from tests.web.service.served import make_district
from yunnao.app import District
from yunnao.scenarios.drg.sample_year import sample_year
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme

OFFICERS = """
- {id: insurance.a, name: 示例医保甲, roles: [handler], department: medical_insurance}
- {id: insurance.b, name: 示例医保乙, roles: [handler], department: medical_insurance}
- {id: insurance.expert, name: 示例专家, roles: [reviewer], department: medical_insurance}
"""
STAYS, HOSPITALS, YEAR = 4_000, 9, 2023


def settled_district(home: Path) -> District:
    """The district; runs 1 (May) and 2 (the year)."""
    make_district(home, public_url="")
    path = home / "actors.yaml"
    path.write_text(path.read_text(encoding="utf-8") + OFFICERS, encoding="utf-8")
    year = sample_year(load_scheme(SAMPLE_SCHEME), stays=STAYS, hospitals=HOSPITALS)
    district = District(home, environment={})
    for register, frame in (("hospitals", year.hospitals), ("inpatient_stays", year.stays)):
        file = home / f"{register}.csv"
        frame.write_csv(file)
        district.registry.load(register, [file])
    district.settling().run_month(f"{YEAR}-05")
    district.settling().run_year(YEAR)
    return district
