"""The rule of the chain: what an entry commits to, and how a rewritten one is found."""
