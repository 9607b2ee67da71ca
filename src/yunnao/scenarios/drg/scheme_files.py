"""A scheme's folder: one CSV a table, and its identity card. The layout is in docs/drg-schemes.md."""

from pathlib import Path

import polars as pl
from pydantic import Field, TypeAdapter

from yunnao.capabilities.drg.checking import check
from yunnao.capabilities.drg.findings import Finding, error
from yunnao.capabilities.drg.reading import Read, scheme_from
from yunnao.capabilities.drg.scheme import Scheme
from yunnao.capabilities.drg.tables import TABLES, TableName
from yunnao.capabilities.drg.vocabulary import VERSION
from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Strict, Words, validated
from yunnao.kernel.errors import DefinitionError

SAMPLE_SCHEME = Path(__file__).with_name("sample_scheme")
"""The shipped scheme: invented groups over codes of real shape, for the sample and for trying out."""

CARD = "scheme.yaml"
_SHOWN = 5


class _Card(Strict):
    """The identity card of a scheme; every line may be absent."""

    vocabulary: int = Field(default=VERSION, ge=1)
    title: Words | None = None
    edition: Words = "未写版次"
    note: Words | None = None


def read_scheme(folder: Path, *, checked: bool = True) -> Read:
    """A scheme's folder with everything that is to be said of it; errors of the files are findings too.

    Without ``checked``, only what its tables must be is looked at, not what is unwise.

    Raises:
        DefinitionError: there is no such folder, or its identity card is wrong.
    """
    if not folder.is_dir():
        raise DefinitionError(f"{folder}：没有这个文件夹；请给出放分组方案各表（mdcs.csv 等）的文件夹")
    card = _card(folder)
    tables: dict[TableName, pl.DataFrame] = {}
    findings: list[Finding] = []
    for name in TABLES:
        path = folder / f"{name}.csv"
        if path.exists():
            try:
                tables[name] = _table(path)
            except (pl.exceptions.PolarsError, OSError, ValueError) as problem:
                findings.append(error(name, f"读不了（{str(problem).splitlines()[0][:120]}）；请另存为「CSV UTF-8」"))
    strange = sorted(path.name for path in folder.glob("*.csv") if path.stem not in TABLES)
    findings += [error(Path(name).stem, "不认识的文件；请检查文件名，或移出这个文件夹") for name in strange]
    if findings:
        return Read(None, tuple(findings))
    read = scheme_from(tables, title=card.title or folder.name, edition=card.edition)
    return Read(read.scheme, (*read.findings, *(check(read.scheme) if read.scheme and checked else ())))


def load_scheme(folder: Path) -> Scheme:
    """The scheme of a folder; what `check` finds unwise does not matter.

    Raises:
        DefinitionError: it cannot be used; the message has the first reasons.
    """
    if not folder.is_dir():
        raise DefinitionError(f"{folder}：没有这个文件夹；请给出放分组方案各表（mdcs.csv 等）的文件夹")
    read = read_scheme(folder, checked=False)
    if read.scheme is None:
        errors = [str(finding) for finding in read.findings if finding.severity == "error"]
        more = f"（共 {len(errors)} 处，用 yunnao drg scheme check 看全部）" if len(errors) > _SHOWN else ""
        raise DefinitionError(f"{folder}：分组方案不能用：" + "；".join(errors[:_SHOWN]) + more)
    return read.scheme


def _card(folder: Path) -> _Card:
    path = folder / CARD
    if not path.exists():
        return _Card()
    card: _Card = validated(TypeAdapter(_Card), strict_yaml.read(path), CARD)
    if card.vocabulary > VERSION:
        raise DefinitionError(
            f"{CARD}：方案用的是第 {card.vocabulary} 版条件词，这个版本的云脑只认识第 {VERSION} 版；请升级云脑"
        )
    return card


def _table(path: Path) -> pl.DataFrame:
    """All cells as texts; UTF-8 with or without a mark, or GB18030."""
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content = content.decode("gb18030").encode()
    if not content.strip():
        return pl.DataFrame()
    frame = pl.read_csv(content, infer_schema=False, encoding="utf8")
    return frame.rename({column: column.strip().removeprefix("\ufeff") for column in frame.columns})
