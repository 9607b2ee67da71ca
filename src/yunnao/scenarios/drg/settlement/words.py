"""What people call the columns and values of stays: the titles of the registers, and of what settling adds."""

from collections.abc import Mapping

from yunnao.scenarios.drg.registers import hospitals, inpatient_stays
from yunnao.scenarios.drg.settlement.terms import ALL

FIELD_WORDS: Mapping[str, str] = {fact.id: fact.title.zh for fact in inpatient_stays.facts} | {
    "drg": "病组",
    "outcome": "分组结果",
    "removed_cost": "不合理费用",
    "special": "特病单议",
    "readmission": "再住院",
}
"""Column -> its title."""

POOL_WORDS: Mapping[str, str] = {
    **{id_: text.zh for id_, text in (inpatient_stays.fact("pool").values or {}).items()},
    ALL: "不分险种",
}
LEVEL_WORDS: Mapping[str, str] = {id_: text.zh for id_, text in (hospitals.fact("level").values or {}).items()}
