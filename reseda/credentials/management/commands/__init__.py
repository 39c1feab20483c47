"""Commands of the credentials room, one file each."""
