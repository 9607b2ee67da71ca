"""Tables of text -> a `Scheme`, or every reason why not. What the words mean is in `vocabulary`; what is unwise in `checking`."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yunnao.capabilities.drg.findings import Finding, error, some, warning
from yunnao.capabilities.drg.scheme import Adrg, Bound, Drg, Level, Mdc, Scheme, Section, Test
from yunnao.capabilities.drg.tables import BOUND_COLUMNS, FREE, TABLES, TableName
from yunnao.capabilities.drg.vocabulary import BOUNDS, LISTS, NAMED, Word, words_of

_LEVELS: Mapping[str, Level] = {"CC": "CC", "MCC": "MCC"}
_SECTIONS: Mapping[str, Section] = {"operation": "operation", "medical": "medical"}
_YES_NO = {"": False, "no": False, "yes": True}
_MEDICAL_FROM = "R"
"""CHS-DRG: the second letter of an ADRG is A to J (operations), K to Q (procedures), R to Z (medical)."""

_LIST_OF_CODES: Mapping[TableName, str] = {"mdc_diagnoses": "mdc", "adrg_codes": "adrg", "drg_codes": "drg"}


@dataclass(frozen=True, slots=True)
class Read:
    """What became of tables: a scheme where there is no error."""

    scheme: Scheme | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Lists:
    """The codes of one MDC, ADRG or DRG."""

    codes: Mapping[str, frozenset[str]]
    parts: Mapping[str, frozenset[int]]
    sites: Mapping[str, frozenset[str]]


_NOTHING = _Lists({}, {}, {})
Rows = Mapping[TableName, pl.DataFrame]


def scheme_from(tables: Rows, *, title: str = "", edition: str = "") -> Read:
    """A scheme from its tables.

    Args:
        tables: name -> String columns as in `tables.TABLES`, one row a line of the file (the head is line 1).
        title, edition: what it is called.
    """
    findings = list(_columns(tables))
    if findings:
        return Read(None, tuple(findings))
    rows = {name: _trimmed(tables.get(name), name) for name in TABLES}
    for name, frame in rows.items():
        findings += _rows(name, frame)
    findings += _references(rows)
    lists = {name: _lists(rows[name], owner) for name, owner in _LIST_OF_CODES.items()}
    mdcs = _mdcs(rows, lists, findings)
    if any(finding.severity == "error" for finding in findings):
        return Read(None, tuple(findings))
    complications = rows["complications"]
    levels = [_LEVELS[level] for level in complications["level"]]
    scheme = Scheme(
        title=title,
        edition=edition,
        digest=digest_of(rows),
        mdcs=tuple(mdcs),
        valid_procedures=frozenset(_compared(rows["valid_procedures"]["code"])),
        complications=dict(
            zip(
                _compared(complications["code"]),
                zip(levels, complications["exclusion"], strict=True),
                strict=True,
            )
        ),
        exclusions=dict(
            zip(_compared(rows["exclusions"]["principal_code"]), rows["exclusions"]["exclusion"], strict=True)
        ),
        spelling=_spelling(rows),
    )
    return Read(scheme, tuple(findings))


def digest_of(rows: Rows) -> str:
    """SHA-256 over tables, whatever the order of their columns, in hex."""
    digest = hashlib.sha256()
    for name in TABLES:
        frame = rows[name].drop(FREE, strict=False)
        digest.update(f"{name}\n".encode())
        digest.update(frame.select(sorted(frame.columns)).write_csv().encode())
    return digest.hexdigest()


def _columns(tables: Rows) -> Iterator[Finding]:
    for name, table in TABLES.items():
        if name not in tables:
            if not table.may_be_absent:
                yield error(name, "没有这张表；请补上（列：" + "、".join(table.required) + "）")
            continue
        columns = set(tables[name].columns)
        if missing := [column for column in table.required if column not in columns]:
            yield error(name, f"缺少列 {'、'.join(missing)}；请补上")
        if strange := sorted(columns - set(table.required) - table.optional - FREE):
            yield error(name, f"不认识的列 {'、'.join(strange)}；请检查拼写，或删去")
        if not tables[name].height and not missing and not table.may_be_absent and name in ("mdcs", "adrgs", "drgs"):
            yield error(name, "一行也没有；请补上")


def _trimmed(frame: pl.DataFrame | None, name: TableName) -> pl.DataFrame:
    table = TABLES[name]
    if frame is None:
        return pl.DataFrame(schema=dict.fromkeys(table.required, pl.String))
    return frame.select(pl.all().cast(pl.String).fill_null("").str.strip_chars())


def _rows(name: TableName, frame: pl.DataFrame) -> Iterator[Finding]:
    """Empty and repeated cells, and cells that are none of what their column holds."""
    for column in TABLES[name].required:
        if column == "exclusion":
            continue
        if empty := _lines(frame, pl.col(column) == ""):
            yield error(name, f"第 {some(empty, '行')} 行的 {column} 是空的；请补上")
    key = [column for column in TABLES[name].key if column in frame.columns]
    keyed = frame.with_columns(pl.col(column).str.to_uppercase() for column in key if "code" in column)
    again = frame.filter(keyed.select(pl.struct(key).is_first_distinct().not_()).to_series())
    if again.height:
        shown = some(again.select(key).row(place) for place in range(again.height))
        if "list" in key or name in ("mdc_diagnoses", "valid_procedures"):
            yield warning(name, f"{again.height} 行与前面的行相同：{shown}；重复的行不起作用")
        else:
            yield error(name, f"重复：{shown}；请只留一行")
    allowed = {
        "level": _LEVELS,
        "section": {**_SECTIONS, "": None},
        "ambiguous": _YES_NO,
        "list": dict.fromkeys(LISTS),
    }
    for column, words in allowed.items():
        if column in frame.columns:
            strange = frame.filter(~pl.col(column).is_in(list(words)))[column].unique(maintain_order=True)
            if strange.len():
                yield error(
                    name, f"{column} 不能是 {some(strange)}；只能是 {'、'.join(word or '（空）' for word in words)}"
                )
    whole = {"seq": r"^[0-9]{1,6}$", "part": r"^[1-9]?$"}
    decimals = dict.fromkeys(BOUND_COLUMNS, r"^([0-9]{1,9}(\.[0-9]{1,6})?)?$")
    for column, form in {**whole, **decimals}.items():
        if column in frame.columns and (lines := _lines(frame, ~pl.col(column).str.contains(form))):
            yield error(name, f"第 {some(lines, '行')} 行的 {column} 不是数；请改正")
    if "part" in frame.columns and (lines := _lines(frame, (pl.col("part") != "") & (pl.col("list") != "procedure"))):
        yield error(name, f"第 {some(lines, '行')} 行有 part 而 list 不是 procedure；部分只用于 procedure 列表")


def _lines(frame: pl.DataFrame, condition: pl.Expr) -> list[int]:
    return [place + 2 for place in frame.select(condition.arg_true()).to_series()]


def _references(rows: Rows) -> Iterator[Finding]:
    """Rows that belong to nothing, and places in an order that are taken twice."""
    owners: Mapping[str, tuple[TableName, tuple[TableName, ...]]] = {
        "mdc": ("mdcs", ("mdc_diagnoses", "adrgs")),
        "adrg": ("adrgs", ("adrg_codes", "drgs")),
        "drg": ("drgs", ("drg_codes",)),
    }
    for column, (owner, users) in owners.items():
        known = set(rows[owner][column])
        for user in users:
            unknown = [each for each in rows[user][column].unique(maintain_order=True) if each not in known]
            if unknown:
                yield error(user, f"{column} {some(unknown)} 不在 {owner}.csv 里；请补上，或删去这些行")
    order: Mapping[TableName, tuple[str, ...]] = {"mdcs": (), "adrgs": ("mdc",), "drgs": ("adrg",)}
    for name, within in order.items():
        frame = rows[name]
        again = frame.filter(frame.select(pl.struct(*within, "seq").is_duplicated()).to_series())
        if again.height:
            yield error(name, f"seq 在同一层里重复：{some(again.select(*within, 'seq').iter_rows())}；先后要分明")


def _lists(frame: pl.DataFrame, owner: str) -> dict[str, _Lists]:
    optional = {"list": "diagnosis", "part": "", "body_site": ""}
    rows = frame.select(
        pl.col(owner).alias("owner"),
        pl.col("code").str.to_uppercase(),
        *(pl.col(name) if name in frame.columns else pl.lit(value).alias(name) for name, value in optional.items()),
    )
    codes: dict[str, dict[str, frozenset[str]]] = {}
    for name, kind, listed in rows.group_by("owner", "list", maintain_order=True).agg("code").iter_rows():
        codes.setdefault(name, {})[kind] = frozenset(listed)
    parts = _by_code(rows, "part")
    sites = _by_code(rows, "body_site")
    return {
        name: _Lists(
            of_list,
            {
                code: numbers
                for code, texts in parts.get(name, {}).items()
                if (numbers := frozenset(int(text) for text in texts if text.isdigit()))
            },
            sites.get(name, {}),
        )
        for name, of_list in codes.items()
    }


def _by_code(rows: pl.DataFrame, column: str) -> dict[str, dict[str, frozenset[str]]]:
    """Owner -> code -> what stands in ``column``, where something does."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    written = rows.filter(pl.col(column) != "").group_by("owner", "code", maintain_order=True).agg(column)
    for name, code, texts in written.iter_rows():
        found.setdefault(name, {})[code] = frozenset(texts)
    return found


def _mdcs(rows: Rows, lists: Mapping[TableName, Mapping[str, _Lists]], findings: list[Finding]) -> list[Mdc]:
    drgs: dict[str, list[Drg]] = {}
    for row in _in_order(rows["drgs"]):
        test = _test("drgs", row, "split", lists["drg_codes"].get(row["drg"], _NOTHING), findings)
        drgs.setdefault(row["adrg"], []).append(Drg(row["drg"], test, row.get("title", "")))
    adrgs: dict[str, list[Adrg]] = {}
    for row in _in_order(rows["adrgs"]):
        code = row["adrg"]
        test = _test("adrgs", row, "rule", lists["adrg_codes"].get(code, _NOTHING), findings)
        by_letter: Section = "medical" if code[1:2] >= _MEDICAL_FROM else "operation"
        section = _SECTIONS.get(row.get("section", ""), by_letter)
        adrgs.setdefault(row["mdc"], []).append(
            Adrg(code, section, test, tuple(drgs.get(code, ())), row.get("title", ""))
        )
    mdcs = []
    for row in _in_order(rows["mdcs"]):
        code = row["mdc"]
        test = _test("mdcs", row, "gate", lists["mdc_diagnoses"].get(code, _NOTHING), findings)
        ambiguous = _YES_NO.get(row.get("ambiguous", ""), False)
        mdcs.append(Mdc(code, test, ambiguous, tuple(adrgs.get(code, ())), row.get("title", "")))
    return mdcs


def _in_order(frame: pl.DataFrame) -> list[dict[str, str]]:
    return frame.sort(pl.col("seq").cast(pl.Int64, strict=False), maintain_order=True).to_dicts()


def _test(table: str, row: Mapping[str, str], column: str, lists: _Lists, findings: list[Finding]) -> Test:
    """The test of one row; what is wrong with it is added to ``findings``."""
    who = row[{"mdcs": "mdc", "adrgs": "adrg", "drgs": "drg"}[table]]
    try:
        words = words_of(row[column])
    except ValueError as unknown:
        findings.append(error(table, f"{who} 的 {column}：不认识的条件「{unknown}」；可用的条件见 docs/drg-schemes.md"))
        return Test(())
    bounds = tuple(_bounds(row, words))
    names = {
        word.what: frozenset(each.strip() for each in row.get(NAMED[word.what][0], "").split("|") if each.strip())
        for word in words
        if word.kind == "named"
    }
    for word in words:
        if word.kind == "bounded" and not any(bound.column == word.what for bound in bounds):
            findings.append(error(table, f"{who}：条件 {word.text} 没有界限；请填 min_{word.what} 等列之一"))
        if word.kind == "named" and not names[word.what]:
            findings.append(error(table, f"{who}：条件 {word.text} 没有名单；请填 {NAMED[word.what][0]} 列"))
        if word.kind == "complication" and table != "drgs":
            findings.append(error(table, f"{who}：条件 {word.text} 只用于 drgs.csv 的 split"))
        if word.kind == "sites" and table != "mdcs":
            findings.append(error(table, f"{who}：条件 {word.text} 只用于 mdcs.csv 的 gate"))
        if word.kind in ("listed", "parts") and not lists.codes.get(word.what) and not word.negated:
            findings.append(warning(table, f"{who}：条件 {word.text} 的列表 {word.what} 是空的，永远不会符合"))
        if word.kind == "parts":
            known = frozenset().union(*lists.parts.values())
            if missing := sorted(frozenset().union(*word.alternatives) - known):
                findings.append(warning(table, f"{who}：条件 {word.text} 的部分 {some(missing)} 没有编码"))
    used = {bound.column for bound in bounds}
    for name in sorted(BOUND_COLUMNS):
        if row.get(name) and name.split("_", 1)[1] not in used:
            findings.append(error(table, f"{who}：填了 {name}，条件里却没有用到它；请在 {column} 里加上条件"))
    for word_name, (name, _) in NAMED.items():
        if row.get(name) and word_name not in names:
            findings.append(error(table, f"{who}：填了 {name}，条件里却没有 {word_name}；请在 {column} 里加上"))
    unused = [name for name in lists.codes if name not in {word.what for word in words if word.kind in _USING_LISTS}]
    if unused and not (table == "mdcs" and any(word.kind == "sites" for word in words)):
        findings.append(warning(table, f"{who}：列表 {some(unused)} 有编码而条件没有用到"))
    return Test(words, lists.codes, lists.parts, lists.sites, bounds, names)


_USING_LISTS = ("listed", "parts")


def _bounds(row: Mapping[str, str], words: Sequence[Word]) -> Iterator[Bound]:
    for column in dict.fromkeys(word.what for word in words if word.kind == "bounded"):
        for side in BOUNDS:
            if cell := row.get(f"{side}_{column}", ""):
                try:
                    yield Bound(column, side, float(cell))
                except ValueError:
                    continue  # reported as a cell that is no number


def _compared(codes: pl.Series) -> list[str]:
    return codes.str.to_uppercase().to_list()


def _spelling(rows: Rows) -> dict[str, str]:
    columns: dict[TableName, str] = {name: "code" for name in TABLES if "code" in TABLES[name].required}
    columns["exclusions"] = "principal_code"
    written = pl.concat(rows[name][column] for name, column in columns.items()).rename("written")
    last = pl.DataFrame({"code": written.str.to_uppercase(), "written": written}).unique("code", keep="last")
    return dict(last.iter_rows())
