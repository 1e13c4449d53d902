"""Good files of every format, what chance makes of them, and the two ways on which they are read."""
