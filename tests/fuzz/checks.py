"""What must hold for any bytes; what does not hold is raised."""

from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace
import textwrap

from custom_components.snapcam.protocol import (
    MAX_PICTURE_BYTES,
    DeviceConfig,
    Message,
    Picture,
    Request,
    Response,
    SnapcamMessageError,
    SnapcamPictureError,
    check_picture,
    decode_picture,
    encode_message,
    parse_message,
    set_config_command,
    snapshot_data,
)

BOM = b"\xef\xbb\xbf"
CONTENT_TYPES = {"image/jpeg", "image/png", "image/webp"}


def check_message(payload: bytes) -> None:
    """Check that a message is read or refused, and can be answered if it is read."""
    try:
        message = parse_message(payload)
    except SnapcamMessageError:
        return
    for dressed in (BOM + payload, payload + b"\0", b" \r\n" + payload + b"\n\0\0"):
        assert parse_message(dressed) == message
    envelope = replace(message, fields={}, request_id=message.request_id or "")
    assert parse_message(encode_message(envelope)) == replace(
        envelope, request_id=envelope.request_id or ""
    )
    _check_meaning(message)


def _check_meaning(message: Message) -> None:
    """Check that any fields have a meaning, or none."""
    config = DeviceConfig.from_fields(message.fields)
    assert config.heartbeat_seconds > 0
    assert config.network_mac is None or len(config.network_mac) == len("12:" * 6) - 1
    command = DeviceConfig.from_fields(set_config_command(config))
    assert command.upload_type == config.upload_type
    if isinstance(message, Response):
        snapshot_data(message)


def check_data(content: bytes) -> None:
    """Check that the data of a snapshot is a picture however it is dressed, or none.

    The bytes are taken for the data's text, with what is no UTF-8 in lone surrogates,
    and for the picture itself.
    """
    with suppress(SnapcamPictureError):
        check_decoded(decode_picture(content.decode(errors="surrogateescape")))
    with suppress(SnapcamPictureError):
        check_decoded(check_picture(content))


def check_decoded(picture: Picture) -> None:
    """Check that a picture stays the same in each way firmware writes it."""
    assert picture.content_type in CONTENT_TYPES
    assert len(picture.content) <= MAX_PICTURE_BYTES
    plain = b64encode(picture.content).decode()
    for text in (
        plain,
        plain.rstrip("="),
        urlsafe_b64encode(picture.content).decode(),
        "\r\n".join(textwrap.wrap(plain, 76)),
        f" data:image/jpeg;base64,{plain}\n",
    ):
        assert decode_picture(text) == picture


def check_answer(request: Request | None, response: Response) -> None:
    """Check that an answer can be sent, and that it is one to what was asked."""
    answer = parse_message(encode_message(replace(response, sn=response.sn or "0")))
    assert isinstance(answer, Response)
    assert answer.ret is not None
    if request is not None:
        assert answer.operate == request.operate
