"""One module a verb, each with its click command as `command`; imported when the verb is called."""
