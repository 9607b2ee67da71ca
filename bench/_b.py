import gc; gc.disable()
import sys; sys.argv=['x','bench/data/country']
from bench.country import ours; ours.main(); gc.freeze()
