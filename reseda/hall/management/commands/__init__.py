"""Console commands: `serve` and `demo`."""
