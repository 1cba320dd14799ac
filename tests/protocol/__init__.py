"""Tests of the camera's protocol."""
