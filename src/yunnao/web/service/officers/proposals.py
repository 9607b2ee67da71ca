"""What the classifier proposes for an appeal that waits to be dispatched: categories, the words that spoke, who is in charge."""

from dataclasses import dataclass
from pathlib import Path

from yunnao.app import District
from yunnao.capabilities.classification.evidence import explain
from yunnao.capabilities.classification.model import Model
from yunnao.capabilities.classification.model_file import model_from_bytes
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import FileRefused
from yunnao.storage.rereading import Rereading
from yunnao.web.service.officers.responsible import responsibilities


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

    def __init__(self, district: District) -> None:
        self._district = district
        name = district.settings.appeals.model
        self._model = Rereading(district.home / name, _read) if name else None

    def of(self, title: str, body: str) -> Proposals | None:
        """Proposals for an appeal; none where the district has no model."""
        if self._model is None:
            return None
        try:
            explained = explain(self._model(), title, body)
        except FileRefused as error:
            return Proposals(problem=str(error))
        departments, text = responsibilities(self._district).departments, masked(f"{title}\n{body}")
        return Proposals(
            proposed=tuple(
                Proposed(
                    category=each.category,
                    words=tuple(word for word in each.words if word in text),
                    department=departments.get(each.category),
                )
                for each in explained.proposals
            ),
            confidence=max(1, int(explained.confidence * 1000)),
        )


def _read(path: Path) -> Model:
    try:
        return model_from_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise FileRefused(f"{path}：读不了分类模型（{error.strerror or error}）；请检查 appeals.model 的设置") from None
