"""Configuration of the documentation site: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from objcentric import __version__

project = "objcentric"
author = "The objcentric authors"
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    # Ours, in docs/_ext:
    "contents",
    "generated_pages",
    "outside_links",
    "plain_docstrings",
]
exclude_patterns = ["_build", "_ext", "figures", "**/.ipynb_checkpoints"]

# Pages are plain Markdown that reads well on a code host, too.
myst_enable_extensions = ["dollarmath", "fieldlist"]
myst_heading_anchors = 3

# Only docs/tutorial.md is a notebook. It is executed when the site is built.
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 1200  # per cell; seconds on a quiet core, minutes on a busy one
nb_execution_in_temp = True
nb_merge_streams = True

default_role = "code"  # docstrings write `name`
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
napoleon_numpy_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"objcentric {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

linkcheck_anchors = False  # pages that are written by scripts have none to find
linkcheck_timeout = 20
