"""What the fields of a message mean, and what we make of unusable ones."""

from typing import Any

import pytest

from custom_components.snapcam.protocol import (
    HB_INTERVAL_DEFAULT,
    DeviceConfig,
    Operate,
    Response,
    UploadType,
    heartbeat_in_range,
    set_config_command,
    snapshot_data,
)
from tests.const import SN

EVERYTHING: dict[str, object] = {
    "mac": "11:22:33",
    "upload_type": 0,
    "upload_addr": "http://bd.com/api",
    "hb_interval": 60,
    "run_time": 1000,
    "version": "1.2.3",
}
NOTHING = DeviceConfig()


def test_everything() -> None:
    """All that a camera may say of itself is read."""
    assert DeviceConfig.from_fields(EVERYTHING) == DeviceConfig(
        mac="11:22:33",
        upload_type=UploadType.HTTP,
        upload_addr="http://bd.com/api",
        hb_interval=60,
        run_time=1000,
        version="1.2.3",
    )


@pytest.mark.parametrize("value", [None, True, [], {}, [60], {"a": 1}], ids=repr)
def test_wrong_types(value: object) -> None:
    """A field of a wrong type counts as one that is missing: no field is required."""
    assert DeviceConfig.from_fields(dict.fromkeys(EVERYTHING, value)) == NOTHING
    assert DeviceConfig.from_fields({}) == NOTHING


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("hb_interval", 0, None),
        ("hb_interval", 0.9, None),
        ("hb_interval", -60, None),
        ("hb_interval", "abc", None),
        ("hb_interval", "", None),
        ("hb_interval", 2**31, None),
        ("hb_interval", 10**30, None),
        ("hb_interval", float(10**30), None),
        ("hb_interval", "9" * 20, None),
        ("hb_interval", 10, 10),
        ("hb_interval", 1, 1),
        ("hb_interval", 3600, 3600),
        ("hb_interval", "30", 30),
        ("hb_interval", 30.0, 30),
        ("run_time", 0, 0),
        ("run_time", -1, None),
        ("run_time", "1000", 1000),
        ("run_time", 2**31 - 1, 2**31 - 1),
        ("run_time", 2**31, None),
        ("run_time", 2**63 - 1, None),
        ("upload_type", 1, UploadType.MQTT),
        ("upload_type", "1", UploadType.MQTT),
        ("upload_type", 7, 7),
        ("upload_type", "http", None),
        ("upload_addr", "", ""),
        ("upload_addr", 7, None),
        ("mac", "", None),
        ("mac", 112233445566, None),
        ("mac", "11:22:33:44:55:66\n", "11:22:33:44:55:66"),
    ],
)
def test_field(field: str, value: object, expected: object) -> None:
    """A number out of this world is None; one outside the page's range is not.

    What a camera reports is shown as it is, so that its owner can put it right; but
    seconds that no timer and no date can hold are no report.
    """
    config = DeviceConfig.from_fields({field: value})
    assert getattr(config, field) == expected


@pytest.mark.parametrize(("reported", "expected"), [(None, 60), (10, 10), (360, 360)])
def test_heartbeat_seconds(reported: int | None, expected: int) -> None:
    """A camera that does not tell its interval has the page's default."""
    assert HB_INTERVAL_DEFAULT == 60
    assert DeviceConfig(hb_interval=reported).heartbeat_seconds == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-60, False), (0, False), (14, False), (15, True), (360, True), (361, False)],
)
def test_heartbeat_in_range(seconds: int, expected: bool) -> None:
    """The page's range includes both its ends."""
    assert heartbeat_in_range(seconds) is expected


@pytest.mark.parametrize(
    ("mac", "expected"),
    [
        ("12:22:33:44:55:6A", "12:22:33:44:55:6a"),
        ("12-22-33-44-55-6A", "12:22:33:44:55:6a"),
        ("12223344556a", "12:22:33:44:55:6a"),
        ("02:00:00:00:00:01", "02:00:00:00:00:01"),
        pytest.param("11:22:33", None, id="the page's example"),
        ("12:22:33:44:55", None),
        ("12:22:33:44:55:66:77", None),
        ("12 22 33 44 55 66", None),
        ("12:22:33:44:55:6g", None),
        ("12:22:33:44:55:66 ", None),
        ("12:22:33:44:55:٦٦", None),
        pytest.param("00:00:00:00:00:00", None, id="all-zero"),
        pytest.param("ff:ff:ff:ff:ff:ff", None, id="broadcast"),
        pytest.param("01:00:5e:00:00:01", None, id="multicast"),
        pytest.param("11:22:33:44:55:66", None, id="multicast, like the page's"),
        (None, None),
    ],
    ids=ascii,
)
def test_network_mac(mac: str | None, expected: str | None) -> None:
    """Only an address of one device joins this camera to others of its MAC.

    Cameras without an address of their own would all become the same device.
    """
    assert DeviceConfig(mac=mac).network_mac == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"version": "1", "fw_version": "2", "sw_version": "3", "firmware": "4"}, "1"),
        ({"firmware": "4", "sw_version": "3", "fw_version": "2"}, "2"),
        ({"firmware": "4", "sw_version": "3"}, "3"),
        ({"firmware": "4"}, "4"),
        ({"version": "", "fw_version": 2, "sw_version": None, "firmware": "4"}, "4"),
        ({"version": "\n"}, None),
        ({"version": 7}, None),
        ({"model": "X"}, None),
    ],
)
def test_version(fields: dict[str, object], expected: str | None) -> None:
    """The page has no version: the first field that holds a text is it, or none."""
    assert DeviceConfig.from_fields(fields).version == expected


@pytest.mark.parametrize(
    ("config", "fields"),
    [
        (NOTHING, {}),
        (DeviceConfig(upload_type=UploadType.MQTT), {"upload_type": 1}),
        (DeviceConfig(upload_type=UploadType.HTTP), {"upload_type": 0}),
        (DeviceConfig(upload_addr=""), {"upload_addr": ""}),
        (DeviceConfig(hb_interval=15), {"hb_interval": 15}),
        (DeviceConfig(hb_interval=360), {"hb_interval": 360}),
        (DeviceConfig(hb_interval=14), {}),
        (DeviceConfig(hb_interval=361), {}),
        (DeviceConfig(hb_interval=-60), {}),
        (DeviceConfig(hb_interval=0), {}),
        (DeviceConfig(mac="11:22:33", run_time=1000, version="1.2.3"), {}),
        (
            DeviceConfig(upload_type=1, upload_addr="http://bd.com", hb_interval=10),
            {"upload_type": 1, "upload_addr": "http://bd.com"},
        ),
    ],
    ids=repr,
)
def test_set_config_command(config: DeviceConfig, fields: dict[str, Any]) -> None:
    """Sent is what a server may set, within the page's range; the rest stays.

    A camera's own interval of 10 must not go back to it with another setting.
    """
    assert set_config_command(config) == fields


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"cmd_data": None}, None),
        ({"cmd_data": "take_snapshot"}, None),
        ({"cmd_data": ["take_snapshot"]}, None),
        ({"cmd_data": {}}, None),
        ({"cmd_data": {"type": "take_snapshot"}}, None),
        ({"cmd_data": {"type": "io_control", "data": None}}, None),
        ({"cmd_data": {"type": "take_snapshot", "data": ""}}, None),
        ({"cmd_data": {"type": "take_snapshot", "data": "/9j/"}}, "/9j/"),
        ({"cmd_data": {"data": "/9j/"}}, "/9j/"),
        ({"cmd_data": {"data": 17}}, 17),
        ({"data": "/9j/"}, None),
    ],
)
def test_snapshot_data(fields: dict[str, object], expected: object) -> None:
    """Whatever is there is the picture, right or wrong; nothing means it follows."""
    answer = Response(
        operate=Operate.CONTROL_CMD, request_id="x", sn=SN, ret=0, fields=fields
    )
    assert snapshot_data(answer) == expected
