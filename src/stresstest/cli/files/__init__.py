"""Files on the command line: validated, explained, listed, and their JSON Schemas."""
