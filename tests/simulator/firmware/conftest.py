"""A camera that tells its version, and what it tells people."""

import logging

import pytest

from tests.simulator.workbench import Bench


@pytest.fixture
def bench() -> Bench:
    """Return a bench with a camera on it, which tells its version."""
    bench = Bench()
    bench.camera.version = "1.0"
    bench.camera.next_version = "2.0"
    return bench


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return what the camera tells people."""
    caplog.set_level(logging.INFO, logger="tests.simulator")
    return caplog
