"""Networks of firms: stakes, loans, commitments and revenue, and how losses travel along them."""
