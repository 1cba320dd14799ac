"""A line to a camera, without Home Assistant."""

import asyncio
from collections.abc import AsyncGenerator
import gc
from math import ceil, inf
from typing import Any

import pytest

from .common import MOMENT, Line


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Do without the Home Assistant that all other tests have."""


@pytest.fixture(autouse=True)
async def nothing_is_lost(jumping_time: None) -> AsyncGenerator[None]:
    """Fail the test whose futures or tasks end with an error nobody takes."""
    lost: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: lost.append(context))
    yield
    await asyncio.sleep(MOMENT)
    gc.collect()
    assert lost == []


@pytest.fixture
async def line() -> Line:
    """Return a line to a camera whose picture is known."""
    return Line()


@pytest.fixture
async def jumping_time() -> AsyncGenerator[None]:
    """Let the loop jump to its next timer instead of waiting for it."""
    loop: Any = asyncio.get_running_loop()
    select = loop._selector.select
    # Whole seconds, of which no fraction gets lost, and never before the real time.
    time: float = ceil(loop.time())

    def jump(timeout: float | None) -> object:
        nonlocal time
        assert timeout is not None, "nothing will ever end this wait"
        time += timeout
        return select(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "slow_callback_duration", inf)
        patch.setattr(loop, "time", lambda: time)
        patch.setattr(loop._selector, "select", jump)
        yield
