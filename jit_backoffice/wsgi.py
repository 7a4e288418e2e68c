"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jit_backoffice.settings")
os.environ["BACKOFFICE_PROCESS"] = "web"
application = get_wsgi_application()
