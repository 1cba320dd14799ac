"""Search for data that breaks the decoder of pictures. Takes libFuzzer's arguments."""

from .fuzzing import fuzz, instrumented

with instrumented():
    from .checks import check_data

if __name__ == "__main__":
    fuzz(check_data)
