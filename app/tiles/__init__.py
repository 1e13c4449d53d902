"""Vector tiles of a kind: a function of the revision, so that they may be kept for ever."""
