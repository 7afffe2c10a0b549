"""Jobs: what a batch is asked for, as people write it, and the files that it names."""
