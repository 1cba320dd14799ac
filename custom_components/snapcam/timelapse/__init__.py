"""Videos of stored pictures: which ones, how they are made, and where they are."""
