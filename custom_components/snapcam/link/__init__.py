"""The way between Home Assistant and the cameras: messages out, in, and to whom."""
