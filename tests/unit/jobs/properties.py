"""How the property tests of the data plane run: as many examples everywhere, and none judged by the time it takes."""

from hypothesis import HealthCheck, settings

checked = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
checked_briefly = settings(checked, max_examples=30)
"""For what takes long to make up, such as whole tabs."""
