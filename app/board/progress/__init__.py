"""How far things came over time, and what was planned against what happened."""
