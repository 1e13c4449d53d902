"""How many projects were in which phase, month by month, and the dates that milestones carry."""
