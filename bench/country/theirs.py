"""The same Parquet -> the five variables, by OpenFisca-Core and its country template.

Roles and statuses reach it by name, as its documentation has them (`SimulationBuilder.join_with_persons`, `Enum.encode`).
"""

from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-not-found]
import pyarrow.parquet as pq  # type: ignore[import-not-found]
from openfisca_core.simulations import SimulationBuilder  # type: ignore[import-not-found]
from openfisca_country_template import CountryTaxBenefitSystem  # type: ignore[import-not-found]

MONTH, JANUARY = "2016-06", "2016-01"
VARIABLES = {
    "person": ("income_tax", "social_security_contribution", "basic_income"),
    "household": ("housing_allowance", "disposable_income"),
}


def variables(data: Path) -> dict[str, Any]:
    """Variable -> its values (float32), persons and households in the order of their files."""
    persons = pq.read_table(data / "persons.parquet")
    households = pq.read_table(data / "households.parquet")
    builder = SimulationBuilder()
    system = CountryTaxBenefitSystem()
    builder.create_entities(system)
    builder.declare_person_entity("person", persons["person_id"].to_numpy())
    household = builder.declare_entity("household", households["household_id"].to_numpy())
    roles = persons["role"].to_numpy().astype(str)
    builder.join_with_persons(household, persons["household_id"].to_numpy(), roles)
    simulation = builder.build(system)
    simulation.set_input("birth", "ETERNITY", persons["birth"].to_numpy())
    simulation.set_input("salary", MONTH, persons["salary"].to_numpy() / 100)
    simulation.set_input("capital_returns", MONTH, persons["capital_returns"].to_numpy() / 100)
    simulation.set_input("rent", MONTH, households["rent"].to_numpy() / 100)
    simulation.set_input("accommodation_size", JANUARY, households["accommodation_size"].to_numpy())
    simulation.set_input("housing_occupancy_status", JANUARY, households["occupancy"].to_numpy().astype(str))
    return {name: simulation.calculate(name, MONTH) for names in VARIABLES.values() for name in names}


def run(data: Path, result: Path | None = None) -> None:
    """Compute the five variables; write them where a result is wanted."""
    found = variables(data)
    if result is not None:
        for kind, names in VARIABLES.items():
            pq.write_table(pa.table({name: found[name] for name in names}), result / f"{kind}.openfisca.parquet")
