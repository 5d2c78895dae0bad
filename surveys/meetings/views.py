"""What is shown of this room; its pages hang on `PAGES` from the modules `…_views`."""

from flask import Blueprint

PAGES = Blueprint("meetings", __name__)
