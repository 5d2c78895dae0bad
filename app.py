"""The WSGI app and nothing else: for gunicorn, waitress and the `flask` command."""

from surveys.factory import create_app

app = create_app()
