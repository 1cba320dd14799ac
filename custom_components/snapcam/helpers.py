"""Where the errors of a camera become errors of Home Assistant."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .entity import SnapcamEntity
from .protocol import (
    SnapcamBusyError,
    SnapcamError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    SnapcamNotConnectedError,
    SnapcamPictureError,
    SnapcamRefusedError,
)

_TRANSLATION_KEYS: dict[type[SnapcamError], str] = {
    SnapcamBusyError: "busy",
    SnapcamMessageError: "invalid_answer",
    SnapcamNoAnswerError: "no_answer",
    SnapcamNotConnectedError: "not_connected",
    SnapcamPictureError: "invalid_picture",
    SnapcamRefusedError: "refused",
}


def translated_error(err: SnapcamError, name: str) -> HomeAssistantError:
    """Return what to tell a person of a camera's error.

    Args:
        err: What went wrong.
        name: The name of the camera.
    """
    placeholders = {"name": name}
    if isinstance(err, SnapcamRefusedError):
        placeholders |= {"ret": str(err.ret), "msg": err.msg or "–"}
    kinds = (kind for kind in type(err).__mro__ if kind in _TRANSLATION_KEYS)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=_TRANSLATION_KEYS[next(kinds)],
        translation_placeholders=placeholders,
    )


def camera_command[EntityT: SnapcamEntity, **P](
    func: Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]]:
    """Decorate anything that asks something of a camera."""

    @wraps(func)
    async def handler(self: EntityT, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await func(self, *args, **kwargs)
        except SnapcamError as err:
            raise translated_error(err, self.coordinator.name) from err

    return handler
