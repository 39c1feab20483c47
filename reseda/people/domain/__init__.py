"""Words shared by everyone who asks who may do what."""
