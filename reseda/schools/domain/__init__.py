"""The rules of the school’s frame: how a table of people is read, and what it would change."""
