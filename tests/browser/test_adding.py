"""A camera is added by a person, in each of the ways there are."""

from playwright.async_api import expect
import pytest

from tests.browser.window import Window
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = [*STEP, pytest.mark.usefixtures("gate")]

INTEGRATIONS = "/config/integrations/dashboard"
SNAPCAM = "/config/integrations/integration/snapcam"


async def test_camera_is_found_and_all_of_it_is_there(
    window: Window, cameras: Cameras
) -> None:
    """From *Add integration* by searching to the page of the device."""
    await window.open(INTEGRATIONS)
    await window.button("Add integration").click()
    await window.page.get_by_placeholder("Search for a brand name").fill("snapc")
    await window.button("SnapCam").click()
    await window.see("Add a camera")
    await window.look("menu")
    await window.choose("Search for cameras")
    await window.see("Searching for cameras", "Listening for cameras")
    await window.look("search")
    await cameras.start("200000000011")
    await window.see("Choose cameras", "200000000011")
    await window.look("pick")
    await window.button("Submit").click()
    await window.see("Is this the camera?")
    # The last field of the form: what hangs on IO 1.
    await window.choose("Other")
    await window.choose("Nothing")
    await window.look("confirm")
    await window.button("Add").last.click()
    await give_name(window, "Garage")

    await window.see("Device info", "Serial number: 200000000011", "by SnapCam")
    await window.see("IO 0", "Take snapshot")
    await window.see("Connectivity", "Last boot")
    await window.see("Delivery", "Firmware", "Heartbeat interval")
    await window.see("+1 disabled entity", "+4 disabled entities")
    await expect(window.text("IO 1")).to_have_count(0)
    # The image, and the event.
    await expect(window.page.get_by_title("Snapshot", exact=True)).to_have_count(2)


async def test_wrong_number_and_topic_are_told(window: Window) -> None:
    """The form says what a serial number is, and then what is wrong with a topic.

    It keeps what was typed, and shows the topics by itself if one of them is wrong.
    """
    await window.open(SNAPCAM)
    await window.button("Add device").click()
    await window.choose("Enter the serial number")
    await window.field("Serial number").fill("no spaces")
    await window.button("Submit").click()
    await window.see("This is not a serial number. Type it as printed on the label")
    await expect(window.field("Serial number")).to_have_value("no spaces")
    await window.page.get_by_role("button", name="MQTT topics").click()
    await window.see("{sn} stands for the serial number")
    up = window.field("The camera publishes on")
    await expect(up).to_have_value("snapcam/{sn}/up")
    await window.look("number")

    await window.field("Serial number").fill("200000000014")
    await up.fill("snapcam/#")
    await window.button("Submit").click()
    await window.see("The topic the camera publishes on is not valid.")
    await expect(up).to_have_value("snapcam/#")


async def test_unreachable_camera_is_added_anyway(
    window: Window, home: Home, cameras: Cameras
) -> None:
    """A camera that is still in its box works as soon as it is switched on."""
    sn = "200000000012"
    await window.open(SNAPCAM)
    await window.button("Add device").click()
    await window.choose("Enter the serial number")
    await window.field("Serial number").fill(sn)
    await window.button("Submit").click()
    await window.see(f"Asking camera {sn} for its configuration")
    await window.look("probe")
    await window.see(f"Camera {sn} did not answer on")
    await window.look("no-answer")
    await window.choose("Add it anyway")
    await give_name(window, "Attic")
    await window.see("Attic")
    await until_heard(await cameras.start(sn))
    connectivity = (await home.api.entities(sn))["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "on")


async def test_discovered_camera_is_added(window: Window, cameras: Cameras) -> None:
    """A camera that is heard becomes a card, and the card a device."""
    sn = "200000000013"
    await cameras.start(sn)
    await window.open(INTEGRATIONS)
    await window.see("Discovered", sn)
    await window.look("card")
    await window.button("Add").click()
    await window.see("Camera found", f"Camera {sn} was heard")
    await window.look("form")
    await window.button("Submit").click()
    await window.see("Is this the camera?")
    await window.button("Add").last.click()
    await window.button("Skip and finish").click()
    await window.see("Device info", f"Serial number: {sn}")


async def give_name(window: Window, name: str) -> None:
    """Fill in the name that Home Assistant asks for when a device is added."""
    await window.field("Device name").fill(name)
    await window.page.keyboard.press("Tab")
    await window.look("name")
    await window.button("Finish").click()
