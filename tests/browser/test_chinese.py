"""Somebody who reads Chinese finds all of our texts in Chinese."""

import json
import re

from playwright.async_api import Locator, expect
import pytest

from tests.browser.window import Window
from tests.live.cameras import Cameras
from tests.live.conftest import STEP, install
from tests.live.home import INTEGRATION, Home

pytestmark = [*STEP, pytest.mark.usefixtures("gate")]

TEXTS = json.loads((INTEGRATION / "translations/zh-Hans.json").read_text("utf-8"))
CONFIG, OPTIONS = (TEXTS[flow]["step"] for flow in ("config", "options"))

# Topics and addresses, which have a slash in them, are the same in Chinese.
WORD = re.compile(r"[\w.:{}]*/[\w./:{}]*|([A-Za-z]{2,})")
# So are these, which Home Assistant and this project call so, and the tests.
NAMES = {"Assistant", "HTTP", "Home", "MB", "MQTT", "Markdown", "MiB", "SHA", "SN"}
NAMES |= {"Front", "IO", "My", "Pavilion", "SnapCam", "gate", "media", "sn", "snapcam"}


async def test_typing_the_serial_number(chinese_window: Window) -> None:
    """The menu, the form with its section and its errors, the wait, no answer."""
    window = chinese_window
    await window.open("/config/integrations/integration/snapcam")
    await window.button("添加设备").click()
    await check(window, CONFIG["user"]["title"])
    await window.choose(CONFIG["user"]["menu_options"]["manual"])
    await window.field("序列号").fill("坏")
    await window.button("提交").click()
    await window.see(TEXTS["config"]["error"]["invalid_sn"])
    await window.page.get_by_role("button", name="MQTT 主题").click()
    await window.see("代表序列号")
    await check(window, CONFIG["manual"]["title"])
    await window.look("form")
    await window.field("序列号").fill("200000000031")
    await window.button("提交").click()
    await check(window, CONFIG["probe"]["title"])
    await check(window, CONFIG["no_answer"]["title"])
    await window.look("no-answer")


async def test_searching(chinese_window: Window, cameras: Cameras) -> None:
    """The wait, and what was found."""
    window = chinese_window
    await window.open("/config/integrations/integration/snapcam")
    await window.button("添加设备").click()
    await window.choose(CONFIG["user"]["menu_options"]["search"])
    await check(window, CONFIG["search"]["title"])
    await cameras.start("200000000032")
    await check(window, CONFIG["pick"]["title"])
    await window.look("pick")
    await window.button("提交").click()
    await check(window, CONFIG["confirm"]["title"])
    await window.look("confirm")
    await window.button(CONFIG["confirm"]["submit"]).click()
    await window.see("跳过并完成")


async def test_discovery(chinese_window: Window, cameras: Cameras) -> None:
    """What is asked of a camera that has shown up by itself."""
    window = chinese_window
    sn = "200000000033"
    await cameras.start(sn)
    await window.open("/config/integrations/dashboard")
    card = window.page.locator("ha-config-flow-card", has_text=sn)
    await card.get_by_role("button", name="添加").click()
    await check(window, CONFIG["discovery_confirm"]["title"])


async def test_options(chinese_window: Window) -> None:
    """The menu, the settings, and the firmware that is offered."""
    window = chinese_window
    await (await open_entry(window)).get_by_role("button", name="配置").click()
    await check(window, OPTIONS["init"]["title"])
    await window.choose(OPTIONS["init"]["menu_options"]["settings"])
    await window.see(OPTIONS["settings"]["data"]["accept_wrong_clock"])
    await check(window, OPTIONS["settings"]["title"])
    await window.look("settings")

    await (await open_entry(window)).get_by_role("button", name="配置").click()
    await window.choose(OPTIONS["init"]["menu_options"]["firmware"])
    await check(window, OPTIONS["firmware"]["description"])
    await window.look("firmware")
    await window.field("版本*").fill("2.0")
    await window.field("网址").fill("http://192.168.1.20/firmware.bin")
    await window.button("提交").click()
    await check(window, "提供版本 2.0？")


async def test_what_the_camera_says(chinese_window: Window) -> None:
    """The last messages, whose texts follow Home Assistant's own language."""
    window = chinese_window
    await (await open_entry(window)).get_by_role("button", name="配置").click()
    await window.choose(OPTIONS["init"]["menu_options"]["says"])
    await window.see(OPTIONS["says"]["title"], "无法读取")
    await window.look("says")


async def test_reconfiguring(chinese_window: Window) -> None:
    """How the camera is reached."""
    window = chinese_window
    await (await open_entry(window)).get_by_role("button", name="菜单").first.click()
    await window.choose("重新配置")
    await check(window, CONFIG["reconfigure"]["title"])


async def test_repair(chinese_window: Window, home: Home, cameras: Cameras) -> None:
    """What is wrong with a clock, and what to do."""
    window = chinese_window
    installed = await install(home, cameras, "200000000034", "Pavilion")
    installed.camera.faults.clock_offset = -1000
    await installed.camera.wait_answer(await installed.camera.send_heartbeat())
    await window.open("/config/repairs")
    issue = TEXTS["issues"]["wrong_clock_minutes_behind"]
    await window.choose(issue["title"].format(name="Pavilion", minutes=16))
    await check(window, issue["fix_flow"]["step"]["confirm"]["title"])
    await window.button("提交").click()
    await window.button("完成").click()


async def test_automations(chinese_window: Window) -> None:
    """Trigger, condition and action are offered by Chinese names."""
    window = chinese_window
    await window.open("/config/automation/edit/new")
    for kind, offered in (
        ("触发条件", TEXTS["triggers"]["snapshot_received"]),
        ("条件", TEXTS["conditions"]["is_online"]),
        ("动作", TEXTS["services"]["take_snapshot"]),
    ):
        await window.button(f"添加{kind}").click()
        await window.page.get_by_role("treeitem", name="设备").click()
        await window.page.get_by_role("treeitem", name="Front gate").click()
        await window.button(f"{offered['name']} Front gate").click()
        await window.see(offered["description"])


async def open_entry(window: Window) -> Locator:
    """Open the page of the integration, and return the gate there."""
    await window.open("/config/integrations/integration/snapcam")
    return window.page.locator("ha-config-entry-row", has_text="Front gate")


async def check(window: Window, title: str) -> None:
    """Wait for a dialog, and look for English in it."""
    dialog = window.page.get_by_role("dialog")
    await expect(window.text(title).last).to_be_visible()
    await expect(dialog).to_be_visible()
    assert set(WORD.findall(await window.read(dialog))) - {""} <= NAMES
