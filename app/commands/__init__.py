"""The commands of `guatu` that are more than a line, and what all of them stand on."""
