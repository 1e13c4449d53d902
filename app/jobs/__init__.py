"""Work that outlives a request: rows that a process of its own claims, keeps alive and finishes."""
