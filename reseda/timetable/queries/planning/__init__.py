"""What is read of conciliation plans: whom they may know, the problem, the answer, its words."""
