"""Answers whose fields have another shape than on the vendor's page (II)."""

from typing import Final

import orjson

from .dialects import Dialect
from .exceptions import SnapcamNotJsonError
from .loose_json import load_loosely

LONGEST_RUN: Final = 5 * 366 * 24 * 3600
"""Seconds: no camera runs for so many years; what is more are milliseconds."""


def settle_shapes(operate: str, values: dict[str, object]) -> frozenset[Dialect]:
    """Bring the fields of an answer into their place; return what was not in it.

    Args:
        operate: Of the request that is answered.
        values: The fields, which are changed.
    """
    if operate == "control_cmd":
        return _settle_command(values)
    if operate == "get_dev_config":
        return _settle_run_time(values)
    return frozenset()


def _settle_command(values: dict[str, object]) -> frozenset[Dialect]:
    """Bring `cmd_data`, and the picture that belongs into it, into their place."""
    found: set[Dialect] = set()
    if isinstance(cmd_data := values.get("cmd_data"), str):
        cmd_data = values["cmd_data"] = _load_object(cmd_data)
        found.add(Dialect.COMMAND_AS_TEXT)
    beside = values.get("data")
    if isinstance(beside, str) and beside and _has_room(cmd_data):
        known = cmd_data if isinstance(cmd_data, dict) else {}
        values["cmd_data"] = {**known, "data": values.pop("data")}
        found.add(Dialect.PICTURE_BESIDE)
    return frozenset(found)


def _has_room(cmd_data: object) -> bool:
    """Return whether what a command is answered with lacks a picture it could have."""
    if not isinstance(cmd_data, dict):
        return not cmd_data
    return cmd_data.get("type") != "io_control" and not cmd_data.get("data")


def _settle_run_time(values: dict[str, object]) -> frozenset[Dialect]:
    """Bring `run_time` to seconds."""
    run_time = values.get("run_time")
    if isinstance(run_time, str) and run_time.isascii() and run_time.isdigit():
        run_time = int(run_time[:20])
    if not isinstance(run_time, int | float) or run_time < LONGEST_RUN:
        return frozenset()
    values["run_time"] = run_time // 1000
    return frozenset((Dialect.RUN_TIME_UNIT,))


def _load_object(text: str) -> object:
    """Return the object that a text is; none if it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return load_loosely(text)[0]
    except SnapcamNotJsonError:
        return None
