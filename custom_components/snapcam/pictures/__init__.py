"""The pictures: on their way in, on disk, found again, made small."""
