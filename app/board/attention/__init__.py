"""What a planner must look at first."""
