"""What the targets have in common: atheris, and what it watches."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib.util import find_spec
import logging
from pathlib import Path
import signal
import sys
import warnings

import atheris

WATCHED = (
    "custom_components.snapcam.protocol",
    "custom_components.snapcam.delivery.bodies",
    "custom_components.snapcam.delivery.posts",
    "aiohttp.multipart",
)
"""Branches taken here tell the search that it has found something new."""


def instrumented() -> AbstractContextManager[None]:
    """Watch what is imported meanwhile, of what is to be watched.

    Of a name atheris takes the first part alone, and rewrites all that is below it.
    """
    others = [
        module
        for package in ("aiohttp", "custom_components.snapcam")
        for module in modules(package)
        if not module.startswith(WATCHED)
    ]
    return atheris.instrument_imports(include=list(WATCHED), exclude=others)


def modules(package: str) -> Iterator[str]:
    """Find the modules of a package, without importing them."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    for root in map(Path, spec.submodule_search_locations):
        for file in root.rglob("*.py"):
            parts = file.relative_to(root).with_suffix("").parts
            yield ".".join((package, *parts)).removesuffix(".__init__")


def fuzz(check: Callable[[bytes], None]) -> None:
    """Search until the arguments say that it is enough, or something is found."""
    logging.disable()
    warnings.simplefilter("ignore")
    # Its clock for inputs that take too long goes on when Python no longer handles it.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
