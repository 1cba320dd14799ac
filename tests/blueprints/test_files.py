"""The files of the blueprints."""

import json
import re
from typing import Any

import pytest
import yaml

from .common import FOLDER, INTERVALS, REPOSITORY

SOURCE = "https://github.com/snapcam/snapcam/blob/main/blueprints/automation/snapcam"


NAMES = [
    "offline_alert",
    "offline_alert.zh-Hans",
    "open_door",
    "open_door.zh-Hans",
    "send_what_it_sees",
    "send_what_it_sees.zh-Hans",
    "snapshot_on_trigger",
    "snapshot_on_trigger.zh-Hans",
    "time_lapse",
    "time_lapse.zh-Hans",
    "who_is_it",
    "who_is_it.zh-Hans",
]
TRANSLATED = [name for name in NAMES if name.endswith(".zh-Hans")]


class _Inputs(yaml.SafeLoader):
    """Read a blueprint without caring for what its inputs become."""


_Inputs.add_constructor("!input", lambda _, node: node.value)


def content(name: str) -> dict[str, Any]:
    """Return what is in the file of a blueprint."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    blueprint: dict[str, Any] = yaml.load(text, Loader=_Inputs)
    return blueprint


def metadata(name: str) -> dict[str, Any]:
    """Return what a blueprint says of itself."""
    blueprint: dict[str, Any] = content(name)["blueprint"]
    return blueprint


def without_texts(node: Any) -> Any:
    """Return a part of a blueprint without what people read in it."""
    match node:
        case dict():
            return {
                # What people read, here and in the default of a question.
                key: sorted(value)
                if key in ("texts", "question", "message", "failure_message")
                else without_texts(value)
                for key, value in node.items()
                if key not in ("name", "description", "label", "source_url")
            }
        case list():
            return [without_texts(item) for item in node]
        case _:
            return node


def test_files() -> None:
    """These are offered; a name is an address that people have imported from."""
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_metadata(name: str) -> None:
    """Home Assistant finds a newer version, and an older one says why it cannot."""
    hacs = json.loads((REPOSITORY / "hacs.json").read_text(encoding="utf-8"))
    blueprint = metadata(name)

    assert blueprint["source_url"] == f"{SOURCE}/{name}.yaml"
    assert blueprint["homeassistant"]["min_version"] == hacs["homeassistant"]
    assert blueprint["description"]


def texts(node: Any) -> list[str]:
    """Return all texts of a blueprint that people read."""
    if not isinstance(node, dict):
        return []
    found = [node[key] for key in ("name", "description") if key in node]
    below = (text for value in node.values() for text in texts(value))
    return [*found, *below]


@pytest.mark.parametrize("name", NAMES)
def test_no_stray_line_break(name: str) -> None:
    """Home Assistant shows each line break: there are some between paragraphs alone."""
    found = texts(metadata(name))
    assert len(found) > 5
    assert [x for x in found if re.search(r"(?<!\n)\n(?!\n)|\n{3}", x)] == []


def test_choices() -> None:
    """All intervals are tested above; hours that divide no day would shift at midnight."""
    inputs = metadata("time_lapse")["input"]
    minutes = inputs["minutes"]["selector"]["select"]["options"]
    hours = inputs["when"]["input"]["hours"]["selector"]["select"]["options"]

    assert [option["value"] for option in minutes] == list(INTERVALS)
    assert {24 % int(option["value"].removeprefix("/")) for option in hours} == {0}


@pytest.mark.parametrize("name", TRANSLATED)
def test_translated(name: str) -> None:
    """It does in each language the same, and says nothing in English."""
    english = name.removesuffix(".zh-Hans")
    assert without_texts(content(name)) == without_texts(content(english))
    said = zip(texts(metadata(name)), texts(metadata(english)), strict=True)
    assert [theirs for theirs, ours in said if theirs == ours] == []
