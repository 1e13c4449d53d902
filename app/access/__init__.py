"""Who is there, and what they may do: accounts, sessions, tokens, and the door that asks."""
