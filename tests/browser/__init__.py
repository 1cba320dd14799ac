"""What people see: the frontend of a real Home Assistant in a real browser."""
