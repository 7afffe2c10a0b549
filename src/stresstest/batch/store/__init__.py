"""Store of a run: parts that are whole or not there, a lock, a log, and the manifest that commits."""
