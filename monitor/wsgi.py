"""The application that gunicorn serves (monitor.serving), whole before the first request.

gunicorn loads it once and forks its workers then, so that they share the memory of what they only read.
"""

import gc
import os

from django.conf import settings
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries
from django.urls import get_resolver

from archive.text import analyze

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

application = get_wsgi_application()

# After the settings are there.
from monitor.limits import connect_for_requests  # noqa: E402

# What serves requests is not to be kept by one.
connect_for_requests()
# Whether a connection is still good is seen to after each request. Django would do so before it as well, and
# look three times more for what there is nothing of: caches with connections, addresses of one request alone,
# and where nothing is debugged, noted statements.
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_caches)
request_finished.disconnect(reset_urlconf)
if not settings.DEBUG:
    request_started.disconnect(reset_queries)
# The first request would wait for its view, and the first search for the lexicon of Arabic.
list(get_resolver().url_patterns)
list(analyze("عربي", "ar"))
# What is there now stays. Python's collector would go through all of it again and again, which takes 50 ms
# each time, and writes to memory that is shared until then.
gc.collect()
gc.freeze()
