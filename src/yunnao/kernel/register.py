"""A register: a department's table of subjects or of things that belong to them."""

from dataclasses import dataclass

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.text import Text


@dataclass(frozen=True, kw_only=True)
class Register:
    """A table that a department delivers.

    Attributes:
        id: snake_case name; also the REGISTER argument of ``yunnao load``.
        title: what the office calls it.
        department: id of the department that owes it; a missing fact is asked of this department.
        subject: kind of subject the rows are about (enterprise, message ...).
        subject_key: the fact that names the subject.
        key: the facts that name a row. ``(subject_key,)`` for one row a subject; longer for related registers
            (hires, assets, loans, monthly returns), of which a subject may have many rows.
        facts: every column, keys included; each must be in a delivered file unless in ``optional``.
        optional: facts whose column may be absent from a file (then unknown).
        names_subjects: whether its rows say which subjects there are (one register per kind of subject).
    """

    id: str
    title: Text
    department: str
    subject: str
    subject_key: str
    key: tuple[str, ...]
    facts: tuple[FactDefinition, ...]
    optional: frozenset[str] = frozenset()
    names_subjects: bool = False

    def __post_init__(self) -> None:
        ids = [fact.id for fact in self.facts]
        for name in (self.subject_key, *self.key, *self.optional):
            if name not in ids:
                raise DefinitionError(f"名册 {self.id}：没有叫 {name} 的列；请在 facts 中声明")
        if len(set(ids)) != len(ids):
            raise DefinitionError(f"名册 {self.id}：有列声明了两次")
        if self.subject_key != self.key[0]:
            raise DefinitionError(f"名册 {self.id}：key 要以 {self.subject_key} 开头")
        if any(self.fact(name).type not in (FactType.KEY, FactType.CODE, FactType.DATE) for name in self.key):
            raise DefinitionError(f"名册 {self.id}：key 只能由 KEY、CODE、DATE 类型的列组成")

    @property
    def one_row_a_subject(self) -> bool:
        """Whether a subject has at most one row; its facts are then the subject's own."""
        return self.key == (self.subject_key,)

    def fact(self, id_: str) -> FactDefinition:
        """The column called ``id_``.

        Raises:
            KeyError: there is none.
        """
        return (
            next(fact for fact in self.facts if fact.id == id_) if id_ in {f.id for f in self.facts} else _absent(id_)
        )


def _absent(id_: str) -> FactDefinition:
    raise KeyError(id_)
