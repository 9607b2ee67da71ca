"""Only changed subjects are decided anew, and the result is that of a full run; a past run comes out the same."""

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from yunnao.app import District
from yunnao.catalogue.asking import explain_one, replay, simulate
from yunnao.catalogue.cards import installed_departments
from yunnao.catalogue.home import make_home
from yunnao.catalogue.sources import owed_registers
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.fact import FactType
from yunnao.kernel.moment import CHINA
from yunnao.kernel.numbers import share_text, yuan_text
from yunnao.platforms.decisions.explanation import as_lines
from yunnao.platforms.decisions.runs import Manifest
from yunnao.scenarios.benefits.sample import AS_OF, sample
from yunnao.settings import STARTER


class Ticking:
    """A clock that moves a second at every look."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2023, 7, 3, 9, tzinfo=CHINA)

    def __call__(self) -> dt.datetime:
        self.moment += dt.timedelta(seconds=1)
        return self.moment


def district(home: Path) -> District:
    make_home(home, installed_departments(), STARTER)
    return District(home, clock=Ticking(), environment={})


def deliver(target: District, folder: Path, register: str, frame: pl.DataFrame) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / f"{register}-{len(target.registry.deliveries())}.parquet"
    as_people_write(target, register, frame).write_parquet(path)
    target.registry.load(register, [path])


def as_people_write(target: District, register: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Stored units as decimal text: yuan, shares of 1."""
    texts = {FactType.MONEY: yuan_text, FactType.SHARE: share_text}
    return frame.with_columns(
        pl.Series(fact.id, [None if value is None else texts[fact.type](value) for value in frame[fact.id]], pl.String)
        for fact in target.registers[register].facts
        if fact.type in texts
    )


def run(target: District, day: dt.date = AS_OF) -> Manifest:
    manifest, _ = target.deciding.run(target.scenario("benefits"), day, None, lambda *_: None)
    return manifest


def wide(target: District, manifest: Manifest) -> pl.DataFrame:
    return target.deciding.runs.wide(manifest, "enterprise").collect().sort("credit_code")


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return {table.register: table.frame for table in sample(0.0005, 3)}


@pytest.fixture(scope="module")
def loaded(tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> District:
    folder = tmp_path_factory.mktemp("district")
    target = district(folder / "home")
    for register, frame in tables.items():
        deliver(target, folder / "files", register, frame)
    return target


def test_a_changed_fact_or_hire_is_decided_anew_as_a_full_run_would(
    loaded: District, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    first = run(loaded)
    assert first.based_on is None
    assert first.decided == first.subjects
    hires = tables["hires"].filter(pl.col("hired_person_category").is_not_null())
    # a graduate hired by one enterprise now turns out to have been hired earlier by another
    shared = hires.head(1)
    codes = tables["enterprises"]["credit_code"]
    other = codes.filter(codes != shared["credit_code"][0])[0]
    moved = shared.with_columns(
        pl.lit(other).alias("credit_code"), pl.col("hired_on").dt.offset_by("-1mo").alias("hired_on")
    )
    taxes = tables["tax_filings"].head(3).with_columns(pl.lit(299_999_999).cast(pl.Int64).alias("taxable_income_year"))
    corrections = {"hires": moved, "tax_filings": taxes}
    for register, frame in corrections.items():
        deliver(loaded, tmp_path / "files", register, frame)
    second = run(loaded)
    assert second.based_on == first.number
    assert 0 < second.decided["enterprise"] < second.subjects["enterprise"] // 5
    fresh = district(tmp_path / "fresh")
    for register, frame in [*tables.items(), *corrections.items()]:
        deliver(fresh, tmp_path / "again", register, frame)
    full = run(fresh)
    assert full.snapshot == second.snapshot
    assert wide(loaded, second).equals(wide(fresh, full))
    assert not wide(loaded, second).equals(wide(loaded, first)), "the corrections changed decisions"
    assert run(loaded).number == second.number, "nothing changed: no new run"


def test_past_runs_come_out_the_same(loaded: District) -> None:
    runs = loaded.deciding.runs
    for number in runs.numbers():
        assert set(replay(loaded.deciding, loaded.scenario("benefits"), runs.manifest(number)).values()) == {0}


def test_one_subject_explained_agrees_with_the_run(loaded: District) -> None:
    manifest = run(loaded)
    scenario = loaded.scenario("benefits")
    for policy in manifest.policies:
        rows = loaded.deciding.runs.long(manifest, policy).collect().sort("subject")
        part = manifest.policies[policy]
        for row in rows.group_by("outcome", maintain_order=True).head(2).to_dicts():
            explained = explain_one(loaded.deciding, scenario, policy, row["subject"], manifest.day, "zh")
            assert explained.outcome == row["outcome"]
            states = {"not_met": 0, "met": 1, "unknown": 2}
            assert sum(states[c.state] << (2 * k) for k, c in enumerate(explained.conditions)) == row["states"]
            missing = [fact for k, fact in enumerate(part.missable) if row["missing"] >> k & 1]
            assert [fact.fact for fact in explained.missing] == missing
            fen = None if not explained.amount else round(float(explained.amount) * 100)
            assert fen == row["amount"]


def test_a_what_if_equals_a_recount(loaded: District) -> None:
    manifest = run(loaded)
    result = simulate(
        loaded.deciding, loaded.scenario("benefits"), "six_taxes_two_fees_2023", {"relief_share": "0.4"}, AS_OF
    )
    now = loaded.deciding.runs.long(manifest, "six_taxes_two_fees_2023").collect()
    assert result.before == now["amount"].sum()
    assert result.loses == now.filter(pl.col("amount") > 0).height
    assert result.gains == 0


def flip(path: Path) -> None:
    """One byte in the middle of a file is another."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("hashed", [True, False], ids=["hashed", "from before hashes were kept"])
def test_a_damaged_run_is_refused_and_is_no_base(loaded: District, tmp_path: Path, hashed: bool) -> None:
    run(loaded)
    shutil.copytree(loaded.home, tmp_path / "home")
    home = District(tmp_path / "home", clock=Ticking(), environment={})
    manifest = run(home)
    assert set(manifest.hashes) == {name for names in manifest.parts.values() for name in names}
    before = wide(home, manifest)
    if not hashed:
        path = home.home / "runs" / str(manifest.number) / "manifest.json"
        document = json.loads(path.read_text("utf-8"))
        del document["hashes"]
        path.write_text(json.dumps(document), "utf-8")
        assert wide(District(home.home, environment={}), home.deciding.runs.manifest(manifest.number)).equals(before)
    damaged = home.home / "runs" / manifest.parts["enterprise"][-1]
    if hashed:
        flip(damaged)
    else:  # only what cannot be read is seen
        damaged.write_bytes(damaged.read_bytes()[:-100])

    again = District(home.home, clock=Ticking(), environment={})
    kept = again.deciding.runs.manifest(manifest.number)
    with pytest.raises(YunnaoError, match=f"第 {manifest.number} 次运行.*已损坏.*yunnao run"):
        wide(again, kept)
    with pytest.raises(YunnaoError, match="已损坏"):
        replay(again.deciding, again.scenario("benefits"), kept)
    fresh = run(again)
    assert fresh.number == manifest.number + 1
    assert fresh.based_on is None
    assert wide(again, fresh).equals(before)


def test_a_run_whose_file_is_gone_is_refused(loaded: District, tmp_path: Path) -> None:
    manifest = run(loaded)
    shutil.copytree(loaded.home, tmp_path / "home")
    for path in (tmp_path / "home" / "runs").glob("*/*.parquet"):
        path.unlink()
    with pytest.raises(YunnaoError, match="不见了"):
        wide(District(tmp_path / "home", environment={}), manifest)


def test_what_no_register_can_tell_is_asked_of_nobody(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    home = district(tmp_path / "home")
    two = tables["enterprises"].filter(pl.col("employees").is_not_null()).head(2)
    deliver(home, tmp_path / "files", "enterprises", two.with_columns(industry_code=pl.Series(["J6621", "I"])))
    bank, vague = two["credit_code"].to_list()
    scenario, policy = home.scenario("benefits"), "social_insurance_deferral_2022"
    explained = {s: explain_one(home.deciding, scenario, policy, s, AS_OF, "zh") for s in (bank, vague)}
    missing = {subject: {m.fact for m in found.missing} for subject, found in explained.items()}
    assert missing == {bank: {"size", "epidemic_hardship"}, vague: {"industry_code", "epidemic_hardship"}}
    assert "企业规模（划型）［size］（没有名册能提供，须由主管部门认定）" in "\n".join(as_lines(explained[bank]))
    asked = owed_registers(home.deciding.runs, run(home), scenario, policy).collect().rows()
    assert (policy, bank, "enterprises") not in asked
    assert (policy, vague, "enterprises") in asked
