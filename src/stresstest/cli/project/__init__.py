"""Working projects on the command line: started from scratch or from a list of holdings."""
