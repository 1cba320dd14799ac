"""Real servers for the live tests and the demo: a broker, Home Assistant, cameras."""
