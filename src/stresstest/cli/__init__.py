"""The `stresstest` command: a file a verb in `commands/`; errors become text and a status in one place."""
