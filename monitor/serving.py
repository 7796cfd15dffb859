"""How gunicorn serves the archive, by `manage.py up` and by deploy/archive-web.service alike.

gunicorn --config python:monitor.serving --bind ADDRESS monitor.wsgi
"""

import os

from monitor.environment import number
from monitor.worker import LONGEST_REQUEST_LINE

worker_class = "monitor.worker.Worker"
# A process a core; more where the database is on another machine, which each turn of a thread would wait for.
# Two at least, as one may be busy with what holds all its threads up; eight keep 32 of PostgreSQL's 100
# connections.
workers = number("ARCHIVE_WEB_WORKERS", min(max(len(os.sched_getaffinity(0)), 2), 8), 1, 64)
# One of them works, the others while that takes long (monitor.turns): so many slow requests stop nobody.
threads = number("ARCHIVE_WEB_THREADS", 4, 1, 64)
# Once, before they are forked: they share what is loaded (monitor.wsgi). A new version needs a restart.
preload_app = True
keepalive = 15
loglevel = "warning"
logger_class = "monitor.logs.ServerLogger"
# The workers' signs of life: on a disk that is busy, a living one would be taken for dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
control_socket_disable = True
# Nothing that a client sends about itself is believed here: ARCHIVE_TRUST_PROXY decides that.
forwarded_allow_ips = ""
forwarder_headers = ""
# Several names in Arabic, six bytes a letter, make a long address.
limit_request_line = LONGEST_REQUEST_LINE
