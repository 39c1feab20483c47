"""Console commands of the room, one a file."""
