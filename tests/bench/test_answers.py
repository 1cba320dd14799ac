"""The benchmark waits for the answers that are due, and says which have not come."""

import asyncio
import json

import pytest

from .answers import TRIES, Answers, SpoiledError, repeated


def answer(request_id: str, *, ret: int = 0, operate: str = "heartbeat_rsp") -> bytes:
    """Return an answer as a camera gets it."""
    return json.dumps(
        {"operate": operate, "request_id": request_id, "ret": ret}
    ).encode()


async def test_waits_for_those_that_are_due() -> None:
    """However late they come, and whatever comes besides, no more is waited for."""
    answers = Answers()
    answers.take(answer("of the round before"))
    answers.take(answer("1"))
    answers.take(answer("2", operate="get_dev_config"))
    waiting = asyncio.create_task(answers.wait(["1", "2"]))
    await asyncio.sleep(0)
    assert not waiting.done()
    answers.take(answer("2"))
    await waiting


async def test_names_what_is_missing() -> None:
    """A round that has waited in vain says for what, and not only for how many."""
    answers = Answers()
    answers.take(answer("2"))
    with pytest.raises(SpoiledError, match=r"^2 of 3 not answered within 0 s: 1, 3$"):
        await answers.wait(["1", "2", "3"], seconds=0)


async def test_names_the_first_of_many() -> None:
    """A thousand are not listed one by one."""
    with pytest.raises(SpoiledError, match=r": 0, 1, .*, 9 and 990 more$"):
        await Answers().wait([str(number) for number in range(1000)], seconds=0)


async def test_names_what_was_refused() -> None:
    """An answer without success is no measurement of what was to be measured."""
    answers = Answers()
    answers.take(answer("1"))
    answers.take(answer("2", ret=6))
    expected = r"^1 of 2 answered without success: 2 with 6$"
    with pytest.raises(SpoiledError, match=expected):
        await answers.wait(["1", "2"])


async def test_asks_for_an_answer_once() -> None:
    """An answer of one round is none of the next."""
    answers = Answers()
    answers.take(answer("1"))
    await answers.wait(["1"])
    with pytest.raises(SpoiledError, match=r"^1 of 1 not answered"):
        await answers.wait(["1"], seconds=0)


class Attempts:
    """An attempt that is spoiled the first few times."""

    def __init__(self, spoiled: int) -> None:
        """Initialize with how many times that is."""
        self._spoiled = spoiled
        self.count = 0

    async def __call__(self) -> str:
        """Be spoiled, or measure."""
        self.count += 1
        if self.count <= self._spoiled:
            raise SpoiledError(f"spoiled {self.count}")
        return "measured"


@pytest.mark.parametrize("spoiled", range(TRIES))
async def test_repeats_what_was_spoiled(
    spoiled: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is tried again, as often as is needed, and each time it says why."""
    attempts = Attempts(spoiled)
    assert await repeated("heartbeat", attempts) == "measured"
    assert attempts.count == spoiled + 1
    assert capsys.readouterr().err.splitlines() == [
        f"once more: heartbeat: spoiled {number + 1}" for number in range(spoiled)
    ]


async def test_gives_up() -> None:
    """What cannot be measured at all does not go on for ever."""
    attempts = Attempts(TRIES)
    with pytest.raises(SpoiledError, match=f"spoiled {TRIES}"):
        await repeated("heartbeat", attempts)
    assert attempts.count == TRIES
