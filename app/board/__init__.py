"""The figures of the whole area, and its programmes: what a planner's year consists of."""
