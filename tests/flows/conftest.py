"""A second camera, for flows that need one."""

import pytest

from ..broker import Broker
from ..const import OTHER_SN
from ..simulator import SimulatedCamera


@pytest.fixture
def other(broker: Broker) -> SimulatedCamera:
    """Return a camera of another heartbeat interval, not set up."""
    return broker.connect(SimulatedCamera(sn=OTHER_SN, hb_interval=90))
