"""Config in, app out."""

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from surveys import web
from surveys.base import db as database
from surveys.base import language
from surveys.base.hx import Templates
from surveys.base.turns import Turns
from surveys.config import ROOT, Config, from_environment
from surveys.rooms import register_rooms

MOST_SENT = 12 * 1024 * 1024
"""bytes of one request, files and all"""

csrf = CSRFProtect()
migrate = Migrate()


def create_app(config: Config | None = None) -> Flask:
    """The product, ready to serve.

    Args:
        config: the settings; read from the environment where none are given.
    """
    config = config or from_environment()
    app = Flask(
        "surveys",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.jinja_environment = Templates
    app.config.from_mapping(_flask_settings(config))
    app.extensions["surveys_config"] = config
    database.db.init_app(app)
    with app.app_context():
        database.mind_sqlite(database.db.engine)
        database.mind_postgres(database.db.engine)
        database.keep_values_back(database.db.engine)
    migrate.init_app(app, database.db, directory=str(ROOT / "migrations"), render_as_batch=False)
    csrf.init_app(app)
    language.init_app(app, config)
    web.init_app(app, config)
    register_rooms(app)
    app.wsgi_app = Turns(app.wsgi_app, web.MOST_FILES)  # type: ignore[method-assign]
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies)  # type: ignore[method-assign]
    return app


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 16,
            "max_overflow": 16,
            "hide_parameters": True,  # what people say and choose is nothing for a log
        },
        "TESTING": config.testing,
        "MAX_CONTENT_LENGTH": MOST_SENT,
        "MAX_FORM_MEMORY_SIZE": web.MOST_TYPED,
        "SESSION_COOKIE_NAME": "stool",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": str(config.public_url or "").startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": 400 * 24 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # a page may lie open for days: no clock loses what was typed
        "WTF_CSRF_SSL_STRICT": False,  # the token tells; some phones send no Referer at all
    }
