"""What a kind is; dates, phases, geometry, checks and changes; the data of Pinghu. No web, no database."""
