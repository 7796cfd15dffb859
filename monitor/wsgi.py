"""The application that gunicorn serves (monitor.serving), whole before the first request.

gunicorn loads it once and forks its workers then, so that they share the memory of what they only read.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from archive.text import analyze

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

application = get_wsgi_application()

# After the settings are there.
from monitor.limits import connect_for_requests  # noqa: E402

# What serves requests is not to be kept by one.
connect_for_requests()
# The first request would wait for its view, and the first search for the lexicon of Arabic.
list(get_resolver().url_patterns)
list(analyze("عربي", "ar"))
# What is there now stays. Python's collector would go through all of it again and again, which takes 50 ms
# each time, and writes to memory that is shared until then.
gc.collect()
gc.freeze()
