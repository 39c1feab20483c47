"""What is done to frameworks and crosswalks: written as drafts, published, then never changed."""
