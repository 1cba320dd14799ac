"""What hassfest, Home Assistant's own check of integrations, asks of a custom one."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    config_validation as cv,
    issue_registry as ir,
    selector,
)
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
import voluptuous as vol

from .broker import Broker

ROOT = Path(__file__).parents[1] / "custom_components/snapcam"
LANGUAGES = sorted((ROOT / "translations").glob("*.json"))

# Home Assistant has these without their being asked for.
ALWAYS_THERE = {"homeassistant", "media_source", "repairs", "system_health"}

type Json = dict[str, Any]


def read(name: str) -> Any:
    """Return what is in a file of the integration."""
    content = (ROOT / name).read_text(encoding="utf-8")
    return json.loads(content) if name.endswith(".json") else parse_yaml(content)


def check_text(value: Any) -> str:
    """Return a text that is fit for people and for translators."""
    text = cv.string_with_no_html(value)
    if text != text.strip():
        raise vol.Invalid("space around it")
    if "[%" in text:
        raise vol.Invalid("a reference, which only Home Assistant's own texts may have")
    if re.search(r"'{\w+}'", text):
        raise vol.Invalid("a placeholder in single quotes is not filled in")
    if re.search(r"(\w+://|www\.)[a-z0-9.-]+\.[a-z]{2,}", text, re.IGNORECASE):
        raise vol.Invalid("an address, which belongs into a placeholder")
    for _, name, _, _ in Formatter().parse(text):
        if name is not None and not name.isidentifier():
            raise vol.Invalid("a placeholder that is no name")
    return text


def check_fixed(value: Any) -> str:
    """Return a text without placeholders, for there is nothing to fill them with."""
    text = check_text(value)
    if "{" in text:
        raise vol.Invalid("a placeholder")
    return text


def keyed(value: Any, key: Any = vol.Match(r"[a-z0-9]+([_-][a-z0-9]+)*$")) -> Any:
    """Return the schema of a mapping by keys of translations."""
    return cv.schema_with_slug_keys(value, slug_validator=key)


def some(names: str, value: Any = check_text) -> Json:
    """Return the schema of keys that may be there."""
    return {vol.Optional(name): value for name in names.split()}


def all_of(names: str, value: Any = check_text) -> Json:
    """Return the schema of keys that must be there."""
    return {vol.Required(name): value for name in names.split()}


DESCRIBED = all_of("name description")
SECTION = some("name description") | some("data data_description", {str: check_text})
STEP = SECTION | some("title submit") | some("sections", {str: SECTION})
STEP |= some("menu_options menu_option_descriptions", {str: check_text})
FLOW = some("flow_title") | all_of("step", {str: STEP})
FLOW |= some("error abort progress create_entry", {str: check_text})
ACTION = DESCRIBED | some("fields", keyed(DESCRIBED | some("example")))
ENTITY = some("name") | some("unit_of_measurement", check_fixed)
ENTITY |= some("state", keyed(check_fixed)) | some(
    "state_attributes",
    keyed(some("name", check_fixed) | some("state", keyed(check_fixed))),
)
ISSUE = vol.Any(all_of("title description"), all_of("title") | all_of("fix_flow", FLOW))
TRANSLATIONS = vol.Schema(
    some("title")
    | some("config options", FLOW)
    | some("config_panel", keyed(keyed(check_text)))
    | some("device", keyed(some("name")))
    | some("entity", keyed(keyed(ENTITY), cv.slug))
    | some("exceptions", keyed(all_of("message"), cv.slug))
    | some("issues", {str: ISSUE})
    | some(
        "selector",
        keyed(
            some("options choices", keyed(check_text))
            | some("fields", keyed(all_of("name") | some("description")))
        ),
    )
    | some("services", keyed(ACTION | some("sections", keyed(all_of("name")))))
    | some("system_health", some("info", keyed(check_text)))
    | some("common", keyed(check_text, cv.slug))
    | some("triggers conditions", keyed(ACTION, cv.underscore_slug))
)

ICON = vol.Match(r"mdi:[a-z0-9-]+$")
ICONS = vol.Schema(
    some("entity", keyed(keyed(some("default", ICON) | some("state", keyed(ICON)))))
    | some("services", keyed(all_of("service", ICON)))
    | some("triggers", keyed(all_of("trigger", ICON)))
    | some("conditions", keyed(all_of("condition", ICON)))
)

FIELD = some("example default", vol.Any(str, bool, int, float)) | some("required", bool)
FIELD |= all_of("selector", selector.validate_selector)
TARGETED = some("target", selector.TargetSelector.CONFIG_SCHEMA)
TARGETED |= some("fields", {str: FIELD})

MANIFEST = vol.Schema(
    all_of("domain name version", str)
    | all_of("codeowners", [vol.Match(r"@[\w/-]+$")])
    | all_of("documentation", vol.All(vol.Url(), vol.Match("https://")))
    | some("issue_tracker", vol.Url())
    | all_of("config_flow", vol.Equal(target=True))
    | all_of("integration_type", vol.In(["device", "hub", "service"]))
    | all_of("iot_class", vol.In(["local_push", "local_polling"]))
    | some("dependencies after_dependencies loggers", [str])
    | some("requirements", [vol.Match(r"[\w-]+==[\w.]+$")])
)


def test_manifest() -> None:
    """The manifest says what it must, in values that are known."""
    manifest = read("manifest.json")
    MANIFEST(manifest)
    assert manifest["domain"] == ROOT.name
    assert AwesomeVersion(manifest["version"]).strategy is AwesomeVersionStrategy.SEMVER
    assert (ROOT / "config_flow.py").is_file()


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_translations(language: Path) -> None:
    """Each language has its texts where Home Assistant looks for them, and clean."""
    TRANSLATIONS(json.loads(language.read_text(encoding="utf-8")))


def test_described_fields() -> None:
    """Each field of each form has a description, and each description a field."""
    texts = read("translations/en.json")
    flows = [texts["config"], texts["options"]]
    flows += [
        issue["fix_flow"] for issue in texts["issues"].values() if "fix_flow" in issue
    ]
    steps = [step for flow in flows for step in flow["step"].values()]
    steps += [part for step in steps for part in step.get("sections", {}).values()]
    for step in steps:
        assert step.get("data_description", {}).keys() == step.get("data", {}).keys()


def test_icons() -> None:
    """Each icon is where Home Assistant looks for it, and none is said twice."""
    icons = ICONS(read("icons.json"))
    for platform in icons["entity"].values():
        for icon in platform.values():
            assert icon["default"] not in icon.get("state", {}).values()


@pytest.mark.parametrize("kind", ["services", "triggers", "conditions"])
def test_automation(kind: str) -> None:
    """Actions, triggers and conditions have targets and selectors that there are."""
    vol.Schema({cv.underscore_slug: TARGETED})(read(f"{kind}.yaml"))


def imported() -> Iterator[tuple[str, str]]:
    """Yield which module imports which other integration."""
    prefix = "homeassistant.components."
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ImportFrom(module="homeassistant.components", names=names):
                    yield from ((path.stem, alias.name) for alias in names)
                case ast.ImportFrom(module=str(module)) if module.startswith(prefix):
                    yield path.stem, module.removeprefix(prefix).split(".")[0]
                case ast.Import(names=names):
                    yield from (
                        (path.stem, alias.name.removeprefix(prefix).split(".")[0])
                        for alias in names
                        if alias.name.startswith(prefix)
                    )


def test_dependencies() -> None:
    """Each integration that is used is set up first, or is always there."""
    manifest = read("manifest.json")
    declared = {*manifest["dependencies"], *manifest.get("after_dependencies", [])}
    platforms = {platform.value for platform in Platform}
    used = {(module, other) for module, other in imported() if module != other}
    assert {"mqtt", "http"} <= {other for _, other in used}
    assert {other for _, other in used} - declared - platforms - ALWAYS_THERE == set()


async def test_no_yaml(
    hass: HomeAssistant, broker: Broker, issue_registry: ir.IssueRegistry
) -> None:
    """Who writes the integration into configuration.yaml is told what to do instead."""
    assert await async_setup_component(hass, "snapcam", {"snapcam": {}})
    assert issue_registry.async_get_issue("homeassistant", "config_entry_only_snapcam")
