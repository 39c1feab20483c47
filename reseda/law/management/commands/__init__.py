"""Console commands of the law."""
