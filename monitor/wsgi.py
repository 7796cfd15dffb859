import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

application = get_wsgi_application()

# After the settings are there: what serves requests is not to be kept by one.
from monitor.limits import connect_for_requests  # noqa: E402

connect_for_requests()
