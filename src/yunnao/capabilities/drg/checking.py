"""What is unwise about a scheme."""

from collections.abc import Iterator

from yunnao.capabilities.drg.findings import Finding
from yunnao.capabilities.drg.scheme import Scheme


def check(scheme: Scheme) -> Iterator[Finding]:
    """x"""
    yield from ()
