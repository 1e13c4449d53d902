"""Changesets: the only door through which public rows change. Stage, check, publish, take back."""
