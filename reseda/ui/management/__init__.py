"""What console commands share."""
