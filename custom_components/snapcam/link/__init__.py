"""The messages between Home Assistant and the cameras: sent, received, routed."""
