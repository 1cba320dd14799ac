"""The simulated camera upgrades its firmware."""
