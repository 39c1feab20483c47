"""Commands of the credentials room."""
