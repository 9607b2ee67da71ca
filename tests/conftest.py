"""How properties are tried: the same examples at each run of what must land, others at each long run."""

from hypothesis import HealthCheck, settings

settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# a machine that is busy is no failure, and neither is luck
settings.register_profile("steady", settings.get_profile("searching"), derandomize=True)
settings.load_profile("steady")
