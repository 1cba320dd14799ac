"""What makes the parts of a release that nobody writes by hand."""
