"""What the targets have in common: atheris, and what it watches."""

import atexit
from collections.abc import Callable
from contextlib import AbstractContextManager
import logging
import signal
import sys
import warnings

import atheris

WATCHED = [
    "custom_components.snapcam.protocol",
    "custom_components.snapcam.delivery.bodies",
    "custom_components.snapcam.delivery.posts",
    "aiohttp.multipart",
]
"""Branches taken here tell the search that it has found something new."""


def instrumented() -> AbstractContextManager[None]:
    """Watch what is imported meanwhile."""
    return atheris.instrument_imports(include=WATCHED)


def fuzz(check: Callable[[bytes], None]) -> None:
    """Search until the arguments say that it is enough, or something is found."""
    logging.disable()
    warnings.simplefilter("ignore")
    # Its clock for inputs that take too long goes on when Python no longer handles it.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
