"""The chart for those who follow it: what changed, as a feed, and what is due, as a calendar."""
