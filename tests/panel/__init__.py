"""Tests of the panel: what a browser is told."""
