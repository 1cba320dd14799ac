"""The library as people walk through it in the media browser."""
