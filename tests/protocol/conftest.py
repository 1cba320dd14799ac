"""The protocol knows no Home Assistant, so none is started to test it."""

import pytest


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Do without the Home Assistant that all other tests have."""
