"""What templates say of service."""
