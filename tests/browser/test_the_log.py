"""Nothing that was done in the browser was worth an error in Home Assistant's log."""

from tests.live.conftest import STEP
from tests.live.home import Home
from tests.live.log import errors

pytestmark = STEP


async def test_the_log_holds_no_error(home: Home) -> None:
    """No error was logged, neither by Home Assistant nor, through it, by its frontend."""
    assert errors(home) == []
