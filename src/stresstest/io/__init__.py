"""Files in and out: documents, tables, validation, resources, safe output. Knows files, not finance."""
