"""What programs call: the CASE 1.1 provider, public and read only."""
