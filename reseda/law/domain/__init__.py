"""What a legal value is, how it is read from its file, and which one applies on a day."""
