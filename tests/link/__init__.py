"""Tests of messages on their way."""
