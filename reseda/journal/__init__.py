"""Who did what, when: one append-only record that nothing can rewrite unseen."""
