"""The time at which videos are asked for."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .common import NOW


@pytest.fixture
def now(entry: MockConfigEntry, freezer: FrozenDateTimeFactory) -> None:
    """Have a camera, and be on the day after its pictures."""
    freezer.move_to(NOW)
