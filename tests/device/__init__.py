"""Tests of what one camera is."""
