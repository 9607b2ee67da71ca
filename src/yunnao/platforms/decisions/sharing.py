"""Common subtrees, found once: engines compute each as a column of its own instead of again and again.

Trees built on one another repeat themselves (a test stands in a condition, in an amount, and in what is missing); without this,
expressions grow with every layer of derivation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.traversal import children, field_names

_LEAVES = (m.Fact, m.Constant, m.Unknown, m.Undelivered, m.FirstClaim, m.Related, m.WorkingDayNumber)


@dataclass(slots=True)
class _Node:
    tree: m.Expression
    children: tuple[int, ...]


class Trees:
    """Numbers trees so that equal ones have one number; what a tree looks like is compared once, not at every question."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._by_object: dict[int, int] = {}
        self._nodes: list[_Node] = []
        self._alive: list[m.Expression] = []

    def number(self, tree: m.Expression) -> int:
        """The number of ``tree``; children have smaller ones."""
        known = self._by_object.get(id(tree))
        if known is not None:
            return known
        leaf = isinstance(tree, _LEAVES)
        beneath = () if leaf else tuple(self.number(child) for child in children(tree))
        identity: Any = tree if leaf else (type(tree), beneath, _own_values(tree))
        number = self._numbers.setdefault(identity, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(_Node(tree, beneath))
        self._alive.append(tree)  # or another tree might get its identity
        self._by_object[id(tree)] = number
        return number

    def repeated(self, roots: Iterable[m.Expression], known: Iterable[int]) -> list[list[m.Expression]]:
        """Subtrees that are read more than once, in levels that rest only on earlier ones; those ``known`` need no more."""
        finished = set(known)
        uses: dict[int, int] = {}
        pending = [self.number(root) for root in roots]
        while pending:
            number = pending.pop()
            if number in finished or not self._nodes[number].children:
                continue
            uses[number] = uses.get(number, 0) + 1
            if uses[number] == 1:
                pending += self._reads(number)
        depth: dict[int, int] = {}
        levels: dict[int, list[m.Expression]] = {}
        for number in sorted(uses):  # children first
            below = max((depth.get(child, 0) for child in self._nodes[number].children), default=0)
            depth[number] = below + (uses[number] > 1)
            if uses[number] > 1:
                levels.setdefault(depth[number], []).append(self._nodes[number].tree)
        return [levels[level] for level in sorted(levels)]

    def _reads(self, number: int) -> list[int]:
        """Children as often as an engine reads them."""
        node = self._nodes[number]
        match node.tree:
            case m.Extreme() | m.Quotient() | m.AtLeast():
                return [*node.children, *node.children]
            case m.Case():
                return [*node.children, *node.children[:-1:2]]  # tests stand at even places, and are read twice
            case _:
                return list(node.children)


def _own_values(tree: m.Expression) -> tuple[Any, ...]:
    """What a node says itself, without its children but with the shape in which they stand."""
    return tuple(_shape(getattr(tree, name)) for name in field_names(type(tree)))


def _shape(value: Any) -> Any:
    if isinstance(value, m.Expression):
        return "."
    if isinstance(value, tuple):
        return tuple(_shape(item) for item in value)
    return (type(value).__name__, value)
