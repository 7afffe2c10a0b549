"""The view model made from a result, a plan and what the market knows."""
