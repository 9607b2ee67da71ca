"""What a step at the desk notes of the responsibility catalogue."""

from typing import Any

from yunnao.app import District
from yunnao.platforms.cases.filed.definitions import FiledStep
from yunnao.scenarios.appeals.responsibilities import Responsibilities, noted


class InCharge:
    """Who is in charge of what in a district, as its catalogue says now."""

    def __init__(self, district: District) -> None:
        self._district = district

    def __call__(self) -> Responsibilities:
        """The catalogue that is in force."""
        return self._district.in_force.catalogue()

    def noted(self, step: FiledStep) -> dict[str, Any]:
        """What a step notes about the department that an officer chose."""
        return noted(step, "officer", self().revision)
