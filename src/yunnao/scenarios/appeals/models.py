"""The classifier's model of a district, read from its file."""

from pathlib import Path

from yunnao.capabilities.classification.model import Model
from yunnao.capabilities.classification.model_file import model_from_bytes
from yunnao.platforms.registry.formats import check_readable


def load_model(path: Path) -> Model:
    """The model in a file.

    Raises:
        YunnaoError: it cannot be read, or is no model.
    """
    check_readable(path)
    return model_from_bytes(path.read_bytes(), path.name)
