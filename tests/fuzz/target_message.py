"""Search for a message that breaks the parser. Takes libFuzzer's arguments."""

from .fuzzing import fuzz, instrumented

with instrumented():
    from .checks import check_message

if __name__ == "__main__":
    fuzz(check_message)
