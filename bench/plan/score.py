"""How well rows read from a report agree with labels: `python -m bench.plan.score ROWS.jsonl LABELS.jsonl [--list]`.

A row is matched to a label if their numerals overlap and value and unit are equal (printed, or scaled to the base unit). A row on a span
marked `either_way` counts neither way; every other row without a label is wrong. A field is right if it equals the label's choice or one
of the alternatives that the label allows; `first` counts the choice alone.

Indicators are compared by characters: F1 of the two multisets of letters, digits and Chinese characters (lower case); 0.5 and above
counts as right, and the mean is shown beside it.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

Row = Mapping[str, Any]

FIELDS = ("kind", "status", "period", "comparator", "direction", "value_high", "estimate", "aspirational")
ENOUGH = 0.5
PRECISION = 1e-9


@dataclass
class Score:
    """Counts of one report or of several together."""

    labels: int = 0
    rows: int = 0
    neutral: int = 0
    matched: int = 0
    right: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    overlap: float = 0.0
    disagreements: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Labels that a row was found for."""
        return self.matched / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Rows that have a label, of those that count."""
        counted = self.rows - self.neutral
        return self.matched / counted if counted else 1.0

    def accuracy(self, name: str) -> float:
        """Matched rows whose field is right."""
        return self.right[name] / self.matched if self.matched else 1.0

    def add(self, other: "Score") -> None:
        """Take in the counts of another report."""
        self.labels += other.labels
        self.rows += other.rows
        self.neutral += other.neutral
        self.matched += other.matched
        self.right += other.right
        self.first += other.first
        self.overlap += other.overlap
        self.disagreements += other.disagreements


def score(rows: Sequence[Row], labels: Sequence[Row], text: str | None = None) -> Score:
    """Match rows to labels, each at most once, and compare the fields of the pairs; `text` adds words to the disagreements."""
    wanted = [label for label in labels if "mark" not in label]
    neutral = [label for label in labels if label.get("mark") == "either_way"]
    found = Score(labels=len(wanted), rows=len(rows))
    free = list(wanted)
    for row in rows:
        label = next((label for label in free if _overlap(row, label) and _same_quantity(row, label)), None)
        if label is not None:
            free.remove(label)
            found.matched += 1
            _compare(row, label, found, text)
        elif any(_overlap(row, label) for label in neutral):
            found.neutral += 1
        else:
            found.disagreements.append(f"extra     {_where(row, text)} {_said(row)}")
    missing = [label for label in free if not label.get("optional")]
    found.labels -= len(free) - len(missing)
    found.disagreements += [f"missing   {_where(label, text)} {_said(label)}" for label in missing]
    return found


def indicator_overlap(ours: str, theirs: str) -> float:
    """F1 of the character multisets of two names, 0 to 1."""
    first, second = Counter(_characters(ours)), Counter(_characters(theirs))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def _compare(row: Row, label: Row, found: Score, text: str | None) -> None:
    also = label.get("also", {})
    for name in FIELDS:
        ours, theirs = row.get(name), label.get(name)
        if name == "direction":
            exact = label["kind"] in ("growth_yoy", "rate_change")
            same = ours == theirs or (not exact and ours != "down" and theirs != "down")
        elif name in ("value_high", "aspirational"):
            same = (ours is None) == (theirs is None) and (ours is None or _close(ours, theirs))
        else:
            same = ours == theirs
        found.first[name] += same
        allowed = same or ours in also.get(name, [])
        found.right[name] += allowed
        if not allowed:
            found.disagreements.append(f"{name:<9} {_where(label, text)} {label['indicator']}: {ours}, not {theirs}")
    overlap = indicator_overlap(str(row.get("indicator", "")), label["indicator"])
    found.overlap += overlap
    found.right["indicator"] += overlap >= ENOUGH
    if overlap < ENOUGH:
        said = f"{row.get('indicator')}, not {label['indicator']} ({overlap:.2f})"
        found.disagreements.append(f"indicator {_where(label, text)} {said}")


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _same_quantity(row: Row, label: Row) -> bool:
    units = {_unit(unit) for unit in (label["unit"], *label.get("also", {}).get("unit", []))}
    printed = _close(row.get("value"), label["value"]) and _unit(row.get("unit")) in units
    based = _close(row.get("base_value"), label["base_value"]) and _unit(row.get("base_unit")) == _unit(
        label["base_unit"]
    )
    return printed or based


def _close(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    ours, theirs = abs(float(one)), abs(float(other))  # a decrease keeps a positive value: the sign is the direction's
    return abs(ours - theirs) <= PRECISION * max(1.0, ours, theirs)


def _unit(unit: str | None) -> str:
    return re.sub("[余多来\\s]", "", unicodedata.normalize("NFKC", unit or "").lower())


def _characters(name: str) -> Iterable[str]:
    return (sign for sign in unicodedata.normalize("NFKC", name).lower() if sign.isalnum())


def _where(row: Row, text: str | None) -> str:
    if text is None:
        return f"[{row['start']}:{row['end']}]"
    start, end = row["start"], row["end"]
    words = f"{text[max(0, start - 12) : start]}【{text[start:end]}】{text[end : end + 6]}"
    return f"[{start}:{end}] " + words.replace("\n", "⏎")


def _said(row: Row) -> str:
    return f"{row.get('indicator')} {row.get('value')}{row.get('unit')} {row.get('kind')}"


def read(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def printed(name: str, found: Score) -> str:
    """One line of figures."""
    fields = " ".join(f"{name} {found.accuracy(name):.3f}" for name in (*FIELDS, "indicator"))
    mean = found.overlap / found.matched if found.matched else 1.0
    firsts = found.first["kind"] / found.matched if found.matched else 1.0
    return (
        f"{name}: {found.labels} labels, {found.rows} rows ({found.neutral} neutral); recall {found.recall:.3f} "
        f"precision {found.precision:.3f} | {fields} (mean overlap {mean:.3f}; kind by first choice {firsts:.3f})"
    )


@click.command()
@click.argument("rows", type=click.Path(exists=True, path_type=Path))
@click.argument("labels", type=click.Path(exists=True, path_type=Path))
@click.option("--text", type=click.Path(exists=True, path_type=Path), help="The report, to show the words.")
@click.option("--list", "listed", is_flag=True, help="List every disagreement.")
def main(rows: Path, labels: Path, text: Path | None, listed: bool) -> None:
    """Recall, precision and accuracy of ROWS against LABELS (both JSONL)."""
    words = text.read_bytes().decode("utf-8") if text else None
    found = score(read(rows), read(labels), words)
    click.echo(printed(labels.stem, found))
    if listed:
        for line in sorted(found.disagreements):
            click.echo(f"  {line}")


if __name__ == "__main__":
    main()
