"""The steps of the config, reconfigure and options flows, but for the first ones."""
