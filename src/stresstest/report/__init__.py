"""What people look at: the report, the pictures, drawings of networks.

The only importer of matplotlib and Jinja2, which are loaded when something is drawn or printed.
"""
