"""A run on the command line: from its options to its tables and its document."""
