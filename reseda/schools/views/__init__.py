"""Pages of the school: its frame, its students, the import of people."""
