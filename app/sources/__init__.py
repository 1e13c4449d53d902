"""What the chart rests on: every document with what it says and of what, and what nobody says."""
