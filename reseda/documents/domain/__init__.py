"""What may be uploaded, and which addresses may be fetched."""
