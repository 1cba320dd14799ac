"""Tests of the triggers and the conditions of the automation editor."""
