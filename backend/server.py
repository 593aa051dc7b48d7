"""How gunicorn serves the backend: `gunicorn -c python:backend.server --bind 127.0.0.1:8080`.

Cloud Run sends one process as many requests as it has threads, and times them out itself.
"""

import sys
from typing import Any

from backend.errors import ConfigurationError
from backend.settings import Settings

EX_CONFIG = 78

wsgi_app = "backend.app:create_app()"
workers = 1
threads = 8
timeout = 0
control_socket_disable = True


def on_starting(_arbiter: Any) -> None:
    """Ends the whole server: gunicorn would start a worker that cannot be configured again and again."""
    try:
        Settings.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(EX_CONFIG)
