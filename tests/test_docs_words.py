"""The documentation: what it calls things is what people see on the screen."""

from functools import cache
import json
import re
from typing import Any

from homeassistant.util.yaml import parse_yaml
import pytest

from .docs import INTEGRATION, READMES, ROOT, blocks, manual, prose, read

# These words are on the screen, but are neither Home Assistant's nor ours.
NAMES = {"SnapCam", "HACS"}

LANGUAGES = pytest.mark.parametrize("language", READMES)


def told(language: str) -> str:
    """Return what the manual says."""
    return "\n".join(read(page) for page in manual(language))


@cache
def frontend(language: str) -> dict[str, str]:
    """Return the texts of Home Assistant's frontend by their keys."""
    below = "lib/python3.*/site-packages/hass_frontend/static/translations"
    texts: dict[str, str] = {}
    for pattern in (f"{language}-*.json", f"*/{language}-*.json"):
        for path in (ROOT / ".venv-hass").glob(f"{below}/{pattern}"):
            if re.fullmatch(rf"{language}-[0-9a-f]{{32}}", path.stem):
                texts |= json.loads(path.read_text(encoding="utf-8"))
    return texts


def ours(language: str) -> dict[str, Any]:
    """Return our own texts."""
    path = INTEGRATION / f"translations/{language}.json"
    texts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def leaves(node: Any) -> list[str]:
    """Return all texts below a node."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in leaves(value)]
    return [node]


def described(name: str) -> dict[str, Any]:
    """Return a file that describes actions, triggers or conditions."""
    text = (INTEGRATION / f"{name}.yaml").read_text(encoding="utf-8")
    description: dict[str, Any] = parse_yaml(text)
    return description


@LANGUAGES
def test_words(language: str) -> None:
    """Entities, options, actions and the rest are called what they are in the UI."""
    text, texts = told(language), ours(language)
    flow, options = texts["config"]["step"], texts["options"]["step"]
    entities = [x for entity in texts["entity"].values() for x in entity.values()]
    event = texts["entity"]["event"]["snapshot"]["state_attributes"]
    words = [
        *(entity["name"] for entity in entities if "name" in entity),
        *texts["entity"]["camera"]["snapshot"]["state"].values(),
        *texts["entity"]["select"]["delivery"]["state"].values(),
        *event["event_type"]["state"].values(),
        *options["settings"]["data"].values(),
        *options["init"]["menu_options"].values(),
        *flow["user"]["menu_options"].values(),
        *flow["manual"]["data"].values(),
        *flow["manual"]["sections"]["topics"]["data"].values(),
        flow["address"]["data"]["new_token"],
        *(
            described["name"]
            for kind in ("services", "triggers", "conditions")
            for described in texts[kind].values()
        ),
    ]
    assert [word for word in words if word not in text] == []


@LANGUAGES
def test_names(language: str) -> None:
    """Each action, trigger and condition is there, with all of its fields."""
    text = told(language)
    names: list[str] = []
    for kind in ("services", "triggers", "conditions"):
        for name, description in described(kind).items():
            names += [f"snapcam.{name}", *description.get("fields", [])]
    assert [name for name in names if f"`{name}`" not in text] == []


@LANGUAGES
def test_ways_through_the_ui(language: str) -> None:
    """What people are to click on is there, by this name."""
    known = {*frontend(language).values(), *leaves(ours(language)), *NAMES}
    steps = {
        step.strip()
        for page in manual(language)
        for way in re.findall(r"[*“]([^*“”\n]+ → [^*“”\n]+)[*”]", prose(page))
        for step in way.split("→")
    }
    assert len(steps) > 5
    assert steps - known == set()


@LANGUAGES
def test_another_camera(language: str) -> None:
    """Home Assistant's words for adding another camera are explained."""
    texts = frontend(language)
    words = [
        texts["ui.panel.config.integrations.new_flow"],
        texts["ui.panel.config.integrations.integration_page.add_device"],
    ]
    text = read(READMES[language])
    for word in words:
        assert word.replace("{integration}", "SnapCam") in text


@LANGUAGES
def test_quoted_messages(language: str) -> None:
    """What people look for is in the message they see, word for word."""
    known = [*leaves(ours(language)), *frontend(language).values(), "?"]
    # What is wrong is told before the last section of each page.
    sections = [prose(page).split("\n## ")[-2] for page in manual(language)]
    quotes = re.findall(r"“([^”]+)”", "\n".join(sections))
    assert len(quotes) >= 3
    assert [x for x in quotes if not any(x in text for text in known)] == []


def test_cards() -> None:
    """The cards of the dashboards are Home Assistant's own."""
    cards: list[dict[str, Any]] = [
        block.yaml
        for page in manual("en")
        for block in blocks(page, "yaml")
        if "type" in block.yaml
    ]
    known = frontend("en")
    types = set()
    while cards:
        card = cards.pop()
        types.add(card["type"])
        cards += card.get("cards", [])
        for badge in card.get("badges", []):
            assert f"ui.panel.lovelace.editor.badge.{badge['type']}.name" in known
    assert len(types) > 3
    for kind in types:
        assert f"ui.panel.lovelace.editor.card.{kind}.name" in known
