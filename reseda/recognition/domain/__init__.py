"""The rules of recognition as plain functions: what a file supports and lacks, how it moves."""
