"""Console commands of the documents."""
