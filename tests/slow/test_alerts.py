"""The alert of cameras that are gone for minutes, on a phone."""

import asyncio
from datetime import datetime
import shutil

import pytest

from tests.live.api import device_id
from tests.live.automations import automation
from tests.live.cameras import Cameras
from tests.live.conftest import install
from tests.live.home import Home
from tests.live.phones import pushed
from tests.live.process import ROOT
from tests.live.test_automations import BLUEPRINTS

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(900)]

ALERT_SECONDS = 300.0
"""Until both are silent, two minutes for the others, and the minute that was chosen."""


async def test_offline_alert(home: Home, cameras: Cameras) -> None:
    """Two cameras that go within a minute are one message, pushed to the phone."""
    shutil.copytree(ROOT / BLUEPRINTS, home.config / BLUEPRINTS, dirs_exist_ok=True)
    gone = {"200000000061": "Barn", "200000000062": "Stable"}
    sensors = [
        (await install(home, cameras, sn, name, hb_interval=15)).entities[
            "binary_sensor.connectivity"
        ]
        for sn, name in gone.items()
    ]
    notify = {
        "action": "notify.mobile_app_tablet",
        "data": {"title": "{{ offline_since }}", "message": "{{ summary }}"},
    }
    blueprint = {
        "path": "snapcam/offline_alert.yaml",
        "input": {
            "cameras": sensors,
            "duration": {"minutes": 1},
            "offline_actions": [notify],
        },
    }
    async with (
        pushed(home.api, "Tablet") as notifications,
        automation(home.api, "slow_alert", use_blueprint=blueprint),
    ):
        assert await device_id(home.api, "Tablet")
        for sn in gone:
            await cameras.stop(sn)
        async with asyncio.timeout(ALERT_SECONDS):
            message = await notifications.get()
        summary, names = message["message"].split(": ")
        assert (summary, {*names.split(", ")}) == (
            "2 cameras offline",
            {*gone.values()},
        )
        assert datetime.fromisoformat(message["title"]).tzinfo is not None
        assert notifications.empty()
