"""Console commands of the room."""
