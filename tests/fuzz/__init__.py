"""Whatever a camera may send: what must hold for all of it, and the search for what breaks it."""
