"""What cameras send, and what only chance would: values, messages, pictures."""

from collections.abc import Callable
import json
from typing import Any

from hypothesis import reject, strategies as st
import orjson

from custom_components.snapcam.protocol import FROM_DEVICE, Operate, Request, Response
from tests.files import jpeg, png, webp

TIME = st.integers(1 - 10**11, 10**11 - 1)
INT64 = st.integers(-(2**63), 2**63 - 1)
ODD_NUMBERS = st.sampled_from(
    [2**63, 2**64, -(2**64), 10**400, 1e308, float("inf"), float("nan"), -0.0, True]
)
ODD_TEXTS = st.sampled_from(
    ["\ud800", "\0", "9" * 5000, "٣", "../x", "1e400", "\ufeff", "x" * 300, "²"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS | ODD_NUMBERS | ODD_TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)

SN = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=200)
REQUEST_ID = TEXT | st.integers(-(2**63), 2**64 - 1)
FIELDS = st.dictionaries(
    st.sampled_from(["data", "cmd_data", "mac", "hb_interval", "é"]),
    st.none() | st.booleans() | INT64 | TEXT,
)
ANSWER_FIELDS = st.dictionaries(
    st.sampled_from(["mac", "hb_interval", "é"]),
    st.none() | st.booleans() | INT64 | TEXT,
)

requests = st.builds(
    Request,
    operate=st.sampled_from(Operate),
    request_id=REQUEST_ID,
    sn=SN,
    timestamp=st.none() | TIME,
    fields=FIELDS,
)
responses = st.builds(
    Response,
    operate=st.sampled_from(Operate),
    request_id=REQUEST_ID,
    sn=SN,
    ret=st.none() | INT64,
    msg=TEXT,
    fields=ANSWER_FIELDS,
)

pictures = st.one_of(
    st.binary(max_size=200).map(lambda body: jpeg(body.replace(b"\xff", b"\xff\0"))),
    st.binary(max_size=200).map(png),
    st.binary(max_size=200).map(webp),
)

ENVELOPE: dict[str, st.SearchStrategy[Any]] = {
    "operate": st.sampled_from(
        [*Operate, *(f"{operate}_rsp" for operate in Operate), "_rsp", "x_rsp_rsp"]
    ),
    "request_id": VALUES,
    "timestamp": VALUES,
    "sn": SN | VALUES,
    "ret": VALUES,
    "msg": VALUES,
}
CONFIG = {
    name: VALUES | INT64 | INT64.map(str)
    for name in ("mac", "upload_type", "upload_addr", "hb_interval", "run_time")
}


@st.composite
def odd_messages(draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    """Return JSON that is a message, nearly one, or broken at one place."""
    values = draw(st.fixed_dictionaries({}, optional=ENVELOPE | CONFIG))
    text = json.dumps(values, ensure_ascii=draw(st.booleans()))
    payload = bytearray(text.encode(errors="surrogatepass"))
    broken = draw(st.none() | st.integers(0, len(payload) - 1))
    if broken is not None:
        payload[broken] = draw(st.integers(0, 255))
    return bytes(payload)


@st.composite
def configurations(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, object]:
    """Return what a camera may say of itself, as it is read out of its message."""
    text = json.dumps(draw(st.fixed_dictionaries({}, optional=CONFIG)))
    try:
        fields: dict[str, object] = orjson.loads(text)
    except orjson.JSONDecodeError:
        reject()
    return fields


def from_device() -> st.SearchStrategy[Request]:
    """Return requests that a camera makes."""
    return requests.filter(lambda request: request.operate in FROM_DEVICE)
