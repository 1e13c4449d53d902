"""What changed between two days, or between what was known on them."""
