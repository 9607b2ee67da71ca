"""How a change of cost is said."""

from dataclasses import replace

import polars as pl

from yunnao.platforms.decisions.simulation import Simulation


def test_a_saving_is_said_as_one() -> None:
    dearer = Simulation(
        policy="p", subjects=1, moves={}, gains=0, loses=0, before=0, after=150, unpriced=0, rows=pl.DataFrame()
    )
    assert dearer.cost == "增加支出 1.50 元"
    assert replace(dearer, before=150, after=0).cost == "减少支出 1.50 元"
