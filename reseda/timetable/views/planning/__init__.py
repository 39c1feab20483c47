"""The pages of conciliation plans: for the référent, and for each reservist their own."""
