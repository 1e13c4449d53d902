"""Projects as the public sees them: lists, filters, one project with everything said about it."""
