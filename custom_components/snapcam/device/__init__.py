"""What one camera is: its state, its settings, its IO lines, whether it is there."""
