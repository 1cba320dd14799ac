"""What people are led through, besides the first steps of adding a camera."""
