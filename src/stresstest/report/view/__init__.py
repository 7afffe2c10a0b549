"""The view model: what a report shows, as plain data that any page or picture is made from."""
