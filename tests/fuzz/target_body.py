"""Search for a body that breaks what reads uploads. Takes libFuzzer's arguments."""

import asyncio

from .fuzzing import fuzz, instrumented

with instrumented():
    from .bodies import async_check_post

if __name__ == "__main__":
    with asyncio.Runner() as runner:
        fuzz(lambda content: runner.run(async_check_post(content)))
