"""Pictures of the view model as matplotlib axes, and as vector drawings for a page."""
