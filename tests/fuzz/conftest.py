"""How long the properties are tried, and that they need no Home Assistant."""

import os

from hypothesis import HealthCheck, settings
import pytest

# What fails in CI must fail at home, too; at home other examples are tried each time.
settings.register_profile(
    "snapcam",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=150,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("snapcam")


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Do without the Home Assistant that all other tests have."""
