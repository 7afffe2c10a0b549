"""Networks of firms: stakes, loans, commitments and revenue between them, and how losses travel along them."""
