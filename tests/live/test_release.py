"""A release is installed as HACS installs it, and works."""

from collections.abc import AsyncGenerator
from pathlib import Path
import subprocess

import pytest

from tests.live import flows
from tests.live.api import DOMAIN
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras
from tests.live.conftest import STEP, install, shared
from tests.live.home import Home
from tests.live.process import ROOT, free_port

pytestmark = STEP

VERSION = "1.2.3"


@pytest.fixture(scope="package")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package of a release."""
    folder = tmp_path_factory.mktemp("build")
    subprocess.run([ROOT / "script/build", VERSION, folder], check=True)
    return folder / "snapcam.zip"


@shared
async def released_home(
    tmp_path_factory: pytest.TempPathFactory, package: Path, broker: MqttBroker
) -> AsyncGenerator[Home]:
    """Run a Home Assistant with the release in it."""
    folder = tmp_path_factory.mktemp("released")
    home = Home(folder, free_port(), name="Release test", package=package)
    try:
        await home.start()
        await home.api.create_owner("Tester", "tester", "tester")
        await home.until_running()
        await flows.add_mqtt(home.api, broker.home_port)
        yield home
    finally:
        await home.close()


async def test_release_says_which_it_is(released_home: Home) -> None:
    """People find the version they have installed, not the tree's."""
    manifest = await released_home.api.command("manifest/get", integration=DOMAIN)
    assert manifest["version"] == VERSION
    assert not manifest["is_built_in"]


async def test_release_works(released_home: Home, cameras: Cameras) -> None:
    """With nothing but what is in the package a camera is added, and its picture seen."""
    installed = await install(released_home, cameras, "200000000101", "Released")
    camera, entities = installed.camera, installed.entities
    await released_home.api.act("button.press", entities["button.take_snapshot"])
    path = f"/api/camera_proxy/{entities['camera.snapshot']}"
    assert await released_home.api.download(path) == (camera.last_picture, "image/jpeg")


async def test_release_has_its_icon_and_its_words(released_home: Home) -> None:
    """What is no code is installed, too."""
    icon, kind = await released_home.api.download(
        f"/api/brands/integration/{DOMAIN}/icon.png"
    )
    assert kind == "image/png"
    assert icon == (ROOT / "custom_components" / DOMAIN / "brand/icon.png").read_bytes()
    words = await released_home.api.command(
        "frontend/get_translations",
        language="en",
        category="services",
        integration=[DOMAIN],
    )
    assert f"component.{DOMAIN}.services.take_snapshot.name" in words["resources"]
