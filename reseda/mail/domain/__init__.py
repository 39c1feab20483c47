"""What a message template is, how its variables are filled, when a failed send is retried."""
