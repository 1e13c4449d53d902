"""Migrations (Alembic). Run by `guatu migrate` and at the start of `guatu serve`."""
