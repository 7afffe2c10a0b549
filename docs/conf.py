"""Settings of the documentation site: `make docs` builds it without warnings."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

project = "stresstest"
author = "The stresstest authors"
copyright = "the stresstest authors"  # noqa: A001 - the name that Sphinx reads

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "generated_pages",
    "generated_pictures",
    "links_to_files",
]
exclude_patterns = ["_build", "schemas"]
source_suffix = {".md": "markdown"}

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]
suppress_warnings = ["misc.highlighting_failure"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = False
napoleon_use_rtype = False
default_role = "code"

html_theme = "furo"
html_title = "stresstest"
html_theme_options = {"navigation_with_keys": True}
