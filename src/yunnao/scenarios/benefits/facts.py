"""The facts that the benefits scenario decides upon: what registers bring, what is derived from it, what is granted.

Each module below declares its facts, with their citations, on the one subject of this scenario, in the order of need.
"""

from importlib import import_module

from yunnao.scenarios.benefits.subject import enterprise

DECLARED_IN = (
    "size_facts",
    "industry_facts",
    "tax_facts",
    "people_facts",
    "support_facts",
    "tax_amounts",
    "people_amounts",
    "support_amounts",
)

for _module in DECLARED_IN:
    import_module(f"yunnao.scenarios.benefits.{_module}")

FACTS = (enterprise,)
