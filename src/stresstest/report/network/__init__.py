"""A network of firms as a page: layout, routes, labels, legend."""
