"""What the program knows: one book of portfolio and candidates, effects by scenario, costs of trading."""
