"""What a page prints: sections of prose, tables and figures, in order and in words, without any markup."""
