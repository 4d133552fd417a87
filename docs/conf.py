"""Documentation: Sphinx with MyST and furo, built offline; warnings are errors.

The reference is made while it is built, by the extensions in ``_ext``: commands from the parser, tables of fields from the
schemas, Python names from docstrings. Notebooks are run, and show what they print.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "allegedly"
author = "the allegedly authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "reference", "notebooks", "repository"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "recipes"]
html_theme = "furo"
html_title = "allegedly"
html_static_path = ["_static"]
html_css_files = ["page.css"]
html_copy_source = False
html_show_copyright = False
myst_heading_anchors = 3
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
