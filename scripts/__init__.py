"""What a contributor runs: tests on both databases, checks, catalogues, benchmarks, pictures."""
