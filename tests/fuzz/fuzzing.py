"""What the targets have in common: atheris, and what it watches."""

from collections.abc import Callable
from contextlib import AbstractContextManager
import logging
import sys
import warnings

import atheris

WATCHED = [
    "custom_components.snapcam.protocol",
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
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
