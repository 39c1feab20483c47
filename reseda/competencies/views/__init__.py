"""Pages of frameworks: the list, the tree of a version, its edition and its exchange as a file."""
