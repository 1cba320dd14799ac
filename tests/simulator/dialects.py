"""Ways in which firmware writes its messages that are not the vendor page's."""

from collections.abc import Callable
from enum import StrEnum
import json
import re
from typing import Any

type Message = dict[str, Any]


class Dialect(StrEnum):
    """A way in which a camera writes its messages."""

    GBK = "gbk"
    RAW_LINES = "raw_lines"
    TRAILING_COMMA = "trailing_comma"
    NAN = "nan"
    BUFFER = "buffer"
    FLOAT_ID = "float_id"
    NO_ID = "no_id"
    MILLISECONDS = "milliseconds"
    NO_TIME = "no_time"
    LOST_PLUS = "lost_plus"
    PICTURE_BESIDE = "picture_beside"
    COMMAND_AS_TEXT = "command_as_text"
    NOT_JSON = "not_json"


LINE = 76


def write(message: Message, dialect: Dialect | None) -> bytes:
    """Return a message as a camera writes it that has its own way."""
    message = _changed(message, dialect)
    text = json.dumps(message)
    match dialect:
        case Dialect.GBK:
            text = json.dumps(message | {"msg": "成功"}, ensure_ascii=False)
            return text.encode("gbk")
        case Dialect.RAW_LINES:
            return re.sub(rf"([\w+/]{{{LINE}}})", r"\1\n", text).encode()
        case Dialect.TRAILING_COMMA:
            return f"{text[:-1]},}}".encode()
        case Dialect.NAN:
            return f'{text[:-1]}, "temperature": nan}}'.encode()
        case Dialect.BUFFER:
            return text.encode() + b'\0at"}\xff\xfe'
        case Dialect.NOT_JSON:
            return text.replace(":", "=").encode()
    return text.encode()


def _changed(message: Message, dialect: Dialect | None) -> Message:
    """Return a message with the fields of a camera that has its own way."""
    is_answer = message["operate"].endswith("_rsp")
    match dialect:
        case Dialect.FLOAT_ID if not is_answer:
            return message | {"request_id": 1.23e15}
        case Dialect.NO_ID if not is_answer:
            return {key: x for key, x in message.items() if key != "request_id"}
        case Dialect.MILLISECONDS if not is_answer:
            return message | {"timestamp": message["timestamp"] * 1000}
        case Dialect.NO_TIME:
            return {key: x for key, x in message.items() if key != "timestamp"}
        case Dialect.LOST_PLUS:
            return _with_data(message, lambda data: data.replace("+", " "))
        case Dialect.COMMAND_AS_TEXT if "cmd_data" in message:
            return message | {"cmd_data": json.dumps(message["cmd_data"])}
        case Dialect.PICTURE_BESIDE if (message.get("cmd_data") or {}).get("data"):
            inner = dict(message["cmd_data"])
            return message | {"data": inner.pop("data"), "cmd_data": inner}
    return message


def _with_data(message: Message, change: Callable[[str], str]) -> Message:
    """Return a message with its picture changed, wherever it is."""
    if isinstance(message.get("data"), str):
        return message | {"data": change(message["data"])}
    inner = message.get("cmd_data") or {}
    if isinstance(inner.get("data"), str):
        return message | {"cmd_data": inner | {"data": change(inner["data"])}}
    return message
