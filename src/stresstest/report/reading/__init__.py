"""The view model read from a result document: what it holds, and by name what it does not."""
