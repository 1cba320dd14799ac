"""Tests of what people are led through."""
