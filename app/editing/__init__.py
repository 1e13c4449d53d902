"""A person draws, moves, splits and merges projects on the map; what comes of it is staged for review."""
