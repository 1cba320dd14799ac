"""What a message costs Home Assistant."""
