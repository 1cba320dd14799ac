"""The messages of the vendor's page, and what is meant by each."""

import json
from pathlib import Path

from custom_components.snapcam.protocol import (
    Message,
    Operate,
    Request,
    Response,
    parse_message,
)
from tests.const import SN

FIXTURES = Path(__file__).parent.parent / "fixtures"
TIMESTAMP = 123456789

PICTURE = "/9j/2wD/2Q=="
UPLOADER = "290200001002"


def page(name: str) -> bytes:
    """Return a message as the vendor's page has it."""
    return (FIXTURES / f"{name}.json").read_bytes()


def request(operate: Operate, sn: str = SN, **fields: object) -> Request:
    """Return a request with the envelope of the vendor's page."""
    return Request(
        operate=operate, request_id="xxxxxx", sn=sn, timestamp=TIMESTAMP, fields=fields
    )


def response(operate: Operate, **fields: object) -> Response:
    """Return an answer with the envelope of the vendor's page."""
    return Response(
        operate=operate, request_id="xxxxxx", sn=SN, ret=0, msg="", fields=fields
    )


def heartbeat(**changes: object) -> dict[str, object]:
    """Return the page's heartbeat with changes; None takes a field away."""
    values = json.loads(page("heartbeat")) | changes
    return {key: value for key, value in values.items() if value is not None}


def parse(**changes: object) -> Message:
    """Return what is read from the page's heartbeat with changes."""
    return parse_message(json.dumps(heartbeat(**changes)))


MESSAGES: dict[str, Message] = {
    "heartbeat": request(Operate.HEARTBEAT),
    "heartbeat_rsp": response(Operate.HEARTBEAT),
    "upload_snapshot": request(Operate.UPLOAD_SNAPSHOT, UPLOADER, data=""),
    "upload_snapshot_rsp": response(Operate.UPLOAD_SNAPSHOT),
    "get_dev_config": request(Operate.GET_DEV_CONFIG),
    "get_dev_config_rsp": response(
        Operate.GET_DEV_CONFIG,
        mac="11:22:33",
        upload_type=0,
        upload_addr="http://bd.com/api",
        hb_interval=60,
        run_time=1000,
    ),
    "set_dev_config": request(
        Operate.SET_DEV_CONFIG,
        upload_type=0,
        upload_addr="http://bd.com/api",
        hb_interval=10,
    ),
    "set_dev_config_rsp": response(Operate.SET_DEV_CONFIG),
    "upgrade_dev": request(Operate.UPGRADE_DEV, package_url="http://app.bin"),
    "upgrade_dev_rsp": response(Operate.UPGRADE_DEV),
    "control_cmd_take_snapshot": request(
        Operate.CONTROL_CMD, cmd_data={"type": "take_snapshot"}
    ),
    "control_cmd_io_control": request(
        Operate.CONTROL_CMD, cmd_data={"type": "io_control", "io0": 0, "io1": 1}
    ),
    "control_cmd_rsp": response(Operate.CONTROL_CMD),
    "control_cmd_take_snapshot_rsp": response(
        Operate.CONTROL_CMD, cmd_data={"type": "take_snapshot", "data": PICTURE}
    ),
    "control_cmd_io_control_rsp": response(
        Operate.CONTROL_CMD, cmd_data={"type": "io_control", "data": None}
    ),
}
