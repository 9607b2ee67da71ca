"""What if a parameter were different: the year settled twice, every hospital side by side. Nothing is kept.

Pure: the command and the page call `simulate` with the inputs that they have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import validated
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.scenarios.drg.settlement.accounts import PrepaidBy
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs
from yunnao.scenarios.drg.settlement.settling import Settlement, settle_year

_FIXED = {"year", "origins"}
_MAPS = ("budgets", "incentives", "by_level")  # whose keys are names: a new one may be set


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """A year before and after the change.

    Attributes:
        rules: with the change.
        moves: hospital_id, name, level, pool; points, payable, difference before and after; points_change, change (of payable), sorted.
        pools: pool; budget, shared, points, point_value, payable before and after.
    """

    before: Settlement
    after: Settlement
    rules: Rules
    moves: pl.DataFrame
    pools: pl.DataFrame

    @property
    def gains(self) -> int:
        """Accounts that get more."""
        return self.moves.filter(pl.col("change") > 0).height

    @property
    def loses(self) -> int:
        """Accounts that get less."""
        return self.moves.filter(pl.col("change") < 0).height


def simulate(inputs: Inputs, rules: Rules, changes: Mapping[str, str], prepaid: PrepaidBy) -> Simulated:
    """Settle the year by ``rules`` and by ``rules`` with ``changes``.

    Args:
        inputs: of the year.
        rules: as they are.
        changes: see `changed`.
        prepaid: the same before and after.

    Raises:
        YunnaoError: a parameter is not known, its value not allowed, or the year cannot be settled.
    """
    other = changed(rules, changes)
    known = set(inputs.hospitals["hospital_id"])
    if strange := sorted(other.coefficients.incentives.keys() - rules.coefficients.incentives.keys() - known):
        raise YunnaoError(f"没有医疗机构 {'、'.join(strange)}；coefficients.incentives 里请写名册里的医疗机构编号")
    before, after = settle_year(inputs, rules, prepaid), settle_year(inputs, other, prepaid)
    return Simulated(before=before, after=after, rules=other, moves=_moves(before, after), pools=_pools(before, after))


def changed(rules: Rules, changes: Mapping[str, str]) -> Rules:
    """The rules with other values.

    Args:
        rules: as they are.
        changes: dotted name -> value as YAML: ``low.below: "0.35"``, ``budgets.employee: "530000000"``, ``high.tiers.0.multiple: "2.5"``,
            ``coefficients.incentives.H001: "1.05"``, ``trimming: "{method: none}"``.

    Raises:
        YunnaoError: there is no such parameter.
        DefinitionError: the value is not allowed; the message names the place.
    """
    document = rules.model_dump()
    for name, text in changes.items():
        path = name.split(".")
        if path[0] in _FIXED:
            raise YunnaoError(f"{path[0]} 不是可以改的参数；可用：{_names(document)}")
        _set(document, path, strict_yaml.parse(text, f"--set {name}"), name)
    found: Rules = validated(TypeAdapter(Rules), document, "假设的参数")
    return found


def parsed(settings: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` texts as changes.

    Raises:
        YunnaoError: one has no ``=``.
    """
    found = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or not name.strip():
            raise YunnaoError(f"--set {setting} 写得不对；请写成 参数=值，例如 --set low.below=0.35")
        found[name.strip()] = value.strip()
    return found


def _set(document: Any, path: Sequence[str], value: Any, name: str) -> None:
    here, above = document, ""
    for part in path[:-1]:
        here, above = _below(here, part, name), part
    last = path[-1]
    if isinstance(here, dict) and (last in here or above in _MAPS):
        here[last] = value
    elif isinstance(here, list) and last.isdigit() and int(last) < len(here):
        here[int(last)] = value
    else:
        raise _unknown(name, here)


def _below(here: Any, part: str, name: str) -> Any:
    if isinstance(here, dict) and part in here:
        return here[part]
    if isinstance(here, list) and part.isdigit() and int(part) < len(here):
        return here[int(part)]
    raise _unknown(name, here)


def _unknown(name: str, here: Any) -> YunnaoError:
    known = (
        _names(here)
        if isinstance(here, dict)
        else f"0 到 {len(here) - 1}"
        if isinstance(here, list)
        else "（没有更细的参数）"
    )
    return DefinitionError(f"没有参数 {name}；这一层可用：{known}")


def _names(document: Mapping[str, Any]) -> str:
    return "、".join(sorted(set(document) - _FIXED))


def _moves(before: Settlement, after: Settlement) -> pl.DataFrame:
    key, facts = ["hospital_id", "pool"], ["name", "level"]
    shown = ["points", "payable", "difference"]
    joined = before.hospitals.select(*key, *facts, *shown).join(
        after.hospitals.select(*key, *facts, *shown), on=key, how="full", coalesce=True, suffix="_after"
    )
    own = joined.with_columns(
        *(pl.coalesce(name, f"{name}_after").alias(name) for name in facts),
        *(pl.col(name).fill_null(0) for each in ("points", "payable") for name in (each, f"{each}_after")),
    )
    return own.select(
        "hospital_id",
        *facts,
        "pool",
        *(c for name in shown for c in (pl.col(name).alias(f"{name}_before"), pl.col(f"{name}_after"))),
        (pl.col("points_after") - pl.col("points")).alias("points_change"),
        (pl.col("payable_after") - pl.col("payable")).alias("change"),
    ).sort(key)


def _pools(before: Settlement, after: Settlement) -> pl.DataFrame:
    whole, text = pl.Int64, pl.String
    kinds = {"budget": whole, "shared": whole, "points": whole, "point_value": text, "payable": whole}
    rows = [
        {"pool": pool}
        | {
            f"{name}_{when}": getattr(pools[pool], name) if pool in pools else None
            for name in kinds
            for when, pools in (("before", before.pools), ("after", after.pools))
        }
        for pool in sorted(before.pools.keys() | after.pools.keys())
    ]
    schema = {"pool": text} | {f"{name}_{when}": kind for name, kind in kinds.items() for when in ("before", "after")}
    return pl.DataFrame(rows, schema=schema)
