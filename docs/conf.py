"""Documentation: Sphinx with MyST and furo, built offline; warnings are errors."""

project = "allegedly"
author = "the allegedly authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "recipes"]
html_theme = "furo"
html_title = "allegedly"
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing"]
