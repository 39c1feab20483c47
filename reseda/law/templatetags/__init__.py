"""What templates use of the law."""
