"""Console commands of people."""
