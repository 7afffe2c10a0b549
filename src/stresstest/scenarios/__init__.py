"""What the user wrote as scenarios, and the columns of risk-factor values that they become."""
