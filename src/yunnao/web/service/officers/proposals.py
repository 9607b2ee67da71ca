"""What the classifier proposes for an appeal that waits to be dispatched: categories, the words that spoke, who is in charge."""

from dataclasses import dataclass

from yunnao.app import District
from yunnao.capabilities.classification.evidence import explain
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.appeals.models import load_model
from yunnao.storage.rereading import Rereading
from yunnao.web.service.officers.responsible import InCharge


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A category; `department`: id of who is in charge of it, if anybody."""

    category: str
    words: tuple[str, ...]
    department: str | None


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """Best first; `confidence`: that the first is right, in thousandths; `problem`: why the model cannot be used."""

    proposed: tuple[Proposed, ...] = ()
    confidence: int = 0
    problem: str = ""


class Proposer:
    """Proposes with the district's model, if there is one."""

    def __init__(self, district: District, in_charge: InCharge) -> None:
        self._in_charge = in_charge
        self._model = Rereading(district.model_file, load_model) if district.model_file else None

    def of(self, title: str, body: str) -> Proposals | None:
        """Proposals for an appeal; none where the district has no model."""
        if self._model is None:
            return None
        try:
            explained = explain(self._model(), title, body)
            catalogue = self._in_charge()
        except YunnaoError as error:
            return Proposals(problem=str(error))
        text = masked(f"{title}\n{body}")
        return Proposals(
            proposed=tuple(
                Proposed(
                    category=each.category,
                    words=tuple(word for word in each.words if word in text),
                    department=catalogue.in_charge(each.category),
                )
                for each in explained.proposals
            ),
            confidence=max(1, int(explained.confidence * 1000)),
        )
