"""What scenarios rest on: a register of their numbers, the share of a loss that is judged, what moves it."""
