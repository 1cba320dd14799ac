"""Live tests that take many minutes: run them with `pytest tests/slow`."""
