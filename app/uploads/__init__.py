"""Files that staff bring: received, read in a throw-away process, checked, compared, staged."""
