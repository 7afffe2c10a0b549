"""Rules of a hedge policy: a file a family, found by the key of what they measure."""
