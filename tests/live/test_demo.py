"""The demo starts, has what it is to show, and leaves nothing behind."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
import re
import signal
import socket
import sys
from typing import Any

import pytest

from tests.live import dashboard, demo, showcase
from tests.live.api import Api
from tests.live.home import PYTHON
from tests.live.pictures import ROOT_NODE, children
from tests.live.process import ROOT, ServerError, free_port, until
from tests.live.texts import ENGLISH, LANGUAGES

SHOWN = {
    *("automation", "binary_sensor", "button", "event", "image", "input_button"),
    *("number", "select", "sensor", "switch", "update"),
}

RUN_IN = """
import sys
from pathlib import Path
from tests.live.demo import main
sys.exit(main(Path(sys.argv.pop(1))))
"""


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_demo_shows_what_it_promises(tmp_path: Path, language: str) -> None:
    """Its cards have states, its automations tell of pictures, and Ctrl-C ends it all."""
    texts = LANGUAGES[language]
    process = await asyncio.create_subprocess_exec(
        *(PYTHON, "-c", RUN_IN, tmp_path, "--language", language),
        *("--port", str(free_port())),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        told = (await process.stdout.readuntil(b"Ctrl-C\n")).decode()
        servers = children_of(process.pid)
        (url,) = re.findall(r"http://\S+", told)
        api = Api(url)
        try:
            await api.log_in()
            config = await api.request("GET", "/api/config")
            profile = await api.command("frontend/get_user_data", key="language")
            assert config["language"] == profile["value"]["language"] == language
            assert config["location_name"] == texts.home
            await assert_dashboard_is_complete(api)
            assert await pictures_told_of(api) == {texts.bell, texts.motion}
            for sn in (showcase.GATE, showcase.WORKSHOP):
                latest, *days = await children(api, f"{ROOT_NODE}/{sn}")
                assert latest.endswith("/latest")
                assert len(days) >= 2
        finally:
            await api.close()
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = await process.communicate()
    assert process.returncode == 0
    assert rest.decode().splitlines()[-1] == f"==> {texts.stopped}"
    assert len(servers) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in servers)


async def assert_dashboard_is_complete(api: Api) -> None:
    """Check that each card has a known state, and the wall is what people see first."""
    shown = await api.command("lovelace/config", url_path=dashboard.URL_PATH)
    entities = set(values(shown, "entity"))
    states = {entity: (await api.state(entity))["state"] for entity in entities}
    # Nobody has pressed these buttons yet.
    wanting = {
        entity
        for entity, state in states.items()
        if state in {"unavailable", "unknown"} and "button." not in entity
    }
    assert wanting == set()
    assert {entity.partition(".")[0] for entity in entities} == SHOWN
    panel = await api.command("frontend/get_system_data", key="core")
    assert panel["value"]["default_panel"] == dashboard.WALL


async def pictures_told_of(api: Api) -> set[str]:
    """Press the button of each automation; return the titles of what they tell."""
    states = await api.request("GET", "/api/states")
    buttons = [
        state["entity_id"]
        for state in states
        if state["entity_id"].startswith("input_button.")
    ]
    for button in buttons:
        await api.act("input_button.press", button)

    async def told() -> list[Any] | None:
        notifications = await api.command("persistent_notification/get")
        return notifications if len(notifications) == len(buttons) else None

    notifications = await until(told, "not every automation tells of a picture")
    for notification in notifications:
        (path,) = re.findall(r"!\[\]\((.+)\)", notification["message"])
        picture, content_type = await api.download(path)
        assert content_type == "image/jpeg"
        assert picture.endswith(b"\xff\xd9")
    return {notification["title"] for notification in notifications}


def values(config: Any, key: str) -> Iterator[Any]:
    """Return what a configuration has under a key, however deep."""
    match config:
        case dict():
            if key in config:
                yield config[key]
            for value in config.values():
                yield from values(value, key)
        case list():
            for value in config:
                yield from values(value, key)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def test_folder_is_of_one_demo_at_a_time(tmp_path: Path) -> None:
    """A second one must not empty the folder of the first."""
    with demo.claimed(tmp_path, ENGLISH):
        file = tmp_path / "kept"
        file.touch()
        with pytest.raises(ServerError, match="runs already"):
            demo.claimed(tmp_path, ENGLISH).__enter__()
        assert file.exists()
    with demo.claimed(tmp_path, ENGLISH):
        assert not file.exists()


def test_port_that_is_free_is_taken() -> None:
    """Who wants a port gets it."""
    port = free_port()
    assert demo.choose_port(port) == port


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_port_in_use_is_left_alone(address: str) -> None:
    """Also a server on all addresses has the port."""
    with socket.create_server((address, 0)) as server:
        taken = server.getsockname()[1]
        port = demo.choose_port(taken)
        assert port != taken
        socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.parametrize(
    ("option", "value", "help_text"),
    [
        ("--language", "fr", "choose from 'en', 'zh-Hans'"),
        ("--port", "0", "not a port from 1 to 65535: 0"),
        ("--port", "65536", "not a port from 1 to 65535: 65536"),
        ("--port", "web", "not a port from 1 to 65535: web"),
    ],
)
def test_option_that_means_nothing_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    value: str,
    help_text: str,
) -> None:
    """A typing error gets help, and nothing is started."""
    monkeypatch.setattr(sys, "argv", ["script/demo", option, value])
    with pytest.raises(SystemExit) as ended:
        demo.main(tmp_path / "demo")
    assert ended.value.code == 2
    assert help_text in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
