"""What a resident asks: which lines there are, and what opens near a place, when, and how sure that is."""
