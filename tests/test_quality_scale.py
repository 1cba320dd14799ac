"""The integration quality scale: each rule is claimed, and what can be pinned holds."""

import ast
from collections.abc import Iterator
import importlib
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.yaml import parse_yaml
import pytest

ROOT = Path(__file__).parents[1] / "custom_components/snapcam"
MODULES = sorted(path.stem for path in ROOT.glob("*.py"))

# Home Assistant's rules at 2026.10, tier by tier.
RULES = [
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow",
    "config-flow-test-coverage",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery",
    "discovery-update-info",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
]


def claims() -> dict[str, Any]:
    """Return what is claimed of each rule."""
    content = (ROOT / "quality_scale.yaml").read_text(encoding="utf-8")
    rules: dict[str, Any] = parse_yaml(content)["rules"]
    return rules


def test_every_rule_is_claimed() -> None:
    """No rule is forgotten, and none is made up."""
    assert list(claims()) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_claim(rule: str) -> None:
    """A rule is kept, or there is a reason why it cannot apply."""
    match claims()[rule]:
        case "done" | {"status": "done" | "exempt", "comment": str()}:
            pass
        case claim:
            pytest.fail(f"{claim}")


def raised() -> Iterator[tuple[str, type, dict[str, ast.expr]]]:
    """Yield where errors for people are raised, which ones, and with what."""
    for name in MODULES:
        module = importlib.import_module(f"custom_components.snapcam.{name}")
        tree = ast.parse((ROOT / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), keywords=keywords)):
                    error = getattr(module, kind, None)
                    if isinstance(error, type) and issubclass(
                        error, HomeAssistantError
                    ):
                        given = {word.arg or "": word.value for word in keywords}
                        yield f"{name}.py:{node.lineno}", error, given


def placeholders(given: dict[str, ast.expr]) -> set[str]:
    """Return the placeholders an error is raised with."""
    match given.get("translation_placeholders"):
        case ast.Dict(keys=keys):
            return {key.value for key in keys if isinstance(key, ast.Constant)}
        case _:
            return set()


def test_raised_errors_are_translated() -> None:
    """People read errors in their language, with each gap in the text filled."""
    content = (ROOT / "translations/en.json").read_text(encoding="utf-8")
    messages = json.loads(content)["exceptions"]
    found = list(raised())
    assert len(found) > 5
    for where, error, given in found:
        match given:
            case {"translation_domain": ast.Name(id="DOMAIN"), "translation_key": key}:
                message = messages[ast.literal_eval(key)]["message"]
                wanted = set(re.findall(r"{(\w+)}", message))
                assert placeholders(given) == wanted, where
            case _:
                pytest.fail(f"{where}: {error.__name__} is not translated")
