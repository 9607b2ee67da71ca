"""The subject of this scenario, the enterprise: its registers, and the parameters that its facts read."""

from yunnao.platforms.decisions.facts import Facts, ParametersOf
from yunnao.scenarios.benefits.registers import REGISTERS

enterprise = Facts("enterprise", registers=REGISTERS)

district = ParametersOf("district")
"""The district's own settings; the loader supplies them."""
