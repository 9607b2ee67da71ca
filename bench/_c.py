import sys; sys.argv=['x','bench/data/country']
from bench.country import ours
import polars as pl
from pathlib import Path
a,b=ours.decisions(Path(sys.argv[1]))
A=a.select('person_id',*[x+'__amount' for x in ('income_tax','social_security_contribution','basic_income')])
B=b.select('household_id',*[x+'__amount' for x in ('housing_allowance','disposable_income')])
r=pl.collect_all([A,B])
