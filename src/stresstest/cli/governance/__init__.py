"""What a run rests on and who answers for it, as tables and as parts of the result document."""
