"""Tests of pictures that come over HTTP."""
