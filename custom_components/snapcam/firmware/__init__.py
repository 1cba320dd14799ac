"""Firmware updates: offers, their packages, and installs that are confirmed."""
