"""Tests of firmware packages and installs."""
