"""The firmware: packages, and installs that are seen to be done."""
