"""Console commands of the mail."""
