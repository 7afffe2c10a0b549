"""Text and documents of the verbs of batches."""
