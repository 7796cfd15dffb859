"""Its settings are named by who serves it (bench.api.servers)."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
