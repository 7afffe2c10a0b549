"""The page to explore, started from the command line."""
