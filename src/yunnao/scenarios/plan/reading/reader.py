"""The whole way from a document to its rows and defects."""

from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.quantities import Reading


def read(document: Document) -> Reading:
    """Every quantity that the document states, in the order of the text, and the defects of the text."""
    return Reading(rows=(), defects=())
