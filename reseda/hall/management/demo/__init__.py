"""The demo: an invented school, its people, and a file at every stage of the thread."""
