"""Every setting, each read from the environment, each with a safe default.

The README's table explains the variables; a test keeps the two in step.
"""

from datetime import timedelta
from pathlib import Path

import pghistory
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from monitor import environment as env
from monitor.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("ARCHIVE_DATA_DIR", str(BASE_DIR / "var"))).absolute()

# --- Who may come in ------------------------------------------------------------------

DEBUG = env.flag("ARCHIVE_DEBUG", False)
SECRET_KEY = env.secret_key("ARCHIVE_SECRET_KEY", DATA_DIR)
ALLOWED_HOSTS = env.words("ARCHIVE_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("ARCHIVE_CSRF_TRUSTED_ORIGINS", [])
ANONYMOUS_READ = env.flag("ARCHIVE_ANONYMOUS_READ", False)

# Which web pages of other origins may use the API. They send tokens, never this site's cookies.
_origins = env.origins("ARCHIVE_CORS_ORIGINS")
CORS_ALLOW_ALL_ORIGINS = _origins == ["*"]
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else _origins
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST")
CORS_ALLOW_HEADERS = (
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
)
CORS_EXPOSE_HEADERS = ("ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After", "X-Request-Id")

# `manage.py up` serves plain HTTP on the loopback address and turns this off there;
# everything else is expected to stand behind TLS.
HTTPS = env.flag("ARCHIVE_HTTPS", True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# How many proxies stand in front, each of which adds to X-Forwarded-For who came to it; the first one sets
# X-Forwarded-Proto and X-Request-Id itself, and drops what clients send of it. Nothing forwarded is believed
# without.
PROXIES = env.count("ARCHIVE_TRUST_PROXY", 9)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
# A working day.
SESSION_COOKIE_AGE = 12 * 60 * 60
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # As default-src says, and said again: neither is ever to have 'unsafe-inline'.
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
# Scrypt takes memory as well as time. Django's own choice stays readable, and is changed at the next login.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# So many failures lock a name for the address that they came from: not for everybody, or anybody could lock
# an editor out. How often an address may try at all is a rate of its own (ARCHIVE_RATE_LOGINS).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.number("ARCHIVE_LOGIN_FAILURES", 5, 1, 1000)
AXES_COOLOFF_TIME = timedelta(minutes=env.number("ARCHIVE_LOGIN_LOCK_MINUTES", 15, 1, 10_080))
AXES_RESET_ON_SUCCESS = True
# Who goes on trying is not locked for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "archive.curate.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "archive.admin.login.locked"
# What is kept of logins is what locking needs.
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
LOGIN_URL = "admin:login"

# --- What it is made of ---------------------------------------------------------------

INSTALLED_APPS = [
    "archive",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "axes",
    "csp",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "monitor",
]

MIDDLEWARE = [
    "monitor.http.HeadMiddleware",
    "monitor.health.HealthMiddleware",
    "monitor.tracing.TracingMiddleware",
    *(["corsheaders.middleware.CorsMiddleware"] if _origins else []),
    # Programs that ask the API have a shorter way to it, on which they meet little of what follows.
    "monitor.programs.ProgramsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "monitor.middleware.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "monitor.middleware.LanguageMiddleware",
    "monitor.http.HttpMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "monitor.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "monitor.limits.SlowMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "monitor.urls"
WSGI_APPLICATION = "monitor.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Where it keeps things ------------------------------------------------------------

# The server that runs when no DATABASE_URL names another.
EMBEDDED = None
if (_database := env.database_url("DATABASE_URL")) is None:
    from monitor.postgres import Server

    EMBEDDED = Server(DATA_DIR)
    _database = EMBEDDED.database
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_database,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "client_encoding": "UTF8",
            # Statements that are asked to be (archive.models.sql) are prepared the first time they are run.
            "prepare_threshold": 0,
            # pgtrigger asks in every row trigger whether it is to be ignored, and where this does not
            # exist, catches the error. A caught error ends a subtransaction, and that goes through all
            # constraints deferred so far: many rows in one transaction took time by their number's square.
            "options": f"{_database.get('OPTIONS', {}).get('options', '')} -c pgtrigger.ignore={{}}".strip(),
        },
        "ATOMIC_REQUESTS": False,
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Languages and time ---------------------------------------------------------------

LANGUAGES = [("ar", _("Arabic")), ("en", _("English"))]
LANGUAGE_CODE = env.choice("ARCHIVE_LANGUAGE", "ar", ("ar", "en"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- The API --------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "archive.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["archive.api.permissions.ModelPermissions"],
    "DEFAULT_THROTTLE_CLASSES": ["archive.api.throttling.RateThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["archive.api.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["archive.api.filtering.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "archive.api.pagination.KeysetPagination",
    "DEFAULT_METADATA_CLASS": "archive.api.options.Metadata",
    "DEFAULT_SCHEMA_CLASS": "archive.api.schema.ArchiveSchema",
    "EXCEPTION_HANDLER": "archive.api.problems.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # ?format= is a parameter like any other, and there is none of that name.
    "URL_FORMAT_OVERRIDE": None,
}
# Longer than this no statement of a request may take (monitor.limits).
ARCHIVE_STATEMENT_SECONDS = env.number("ARCHIVE_STATEMENT_SECONDS", 15, 1, 600)
# How many in how many seconds; None for no limit. Of each user apart, and of who is none of each address.
ARCHIVE_RATES = {
    "reads": env.rate("ARCHIVE_RATE_READS", "1200/minute"),
    # Searches, counts and exports.
    "searches": env.rate("ARCHIVE_RATE_SEARCHES", "240/minute"),
    "writes": env.rate("ARCHIVE_RATE_WRITES", "600/minute"),
    # Of each address: attempts to log in, and tokens that are none.
    "logins": env.rate("ARCHIVE_RATE_LOGINS", "30/minute"),
}
# Longer than this no statement of a search for articles may take: then it is answered 503.
ARCHIVE_SEARCH_SECONDS = env.number("ARCHIVE_SEARCH_SECONDS", 3, 1, 600)
# All statements of a count together: facets, timelines, what is named together.
ARCHIVE_COUNT_SECONDS = env.number("ARCHIVE_COUNT_SECONDS", 5, 1, 600)
KNOX_TOKEN_MODEL = "archive.Token"
# Whether who changes or deletes a record has to say what he has seen of it.
ARCHIVE_REQUIRE_IF_MATCH = env.flag("ARCHIVE_REQUIRE_IF_MATCH", False)
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=env.number("ARCHIVE_TOKEN_DAYS", 90, 1, 3650)),
    "AUTH_HEADER_PREFIX": "Token",
    "AUTO_REFRESH": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "The archive's API",
    "DESCRIPTION": "Sources publish articles; articles name persons and countries and report events; "
    "every fact points at the exact words it rests on.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": True,
    # The values speak for themselves; their labels, thrice in the schema, would drown it.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "CountryKindEnum": "archive.models.CountryKind",
        "NameKindEnum": "archive.models.NameKind",
        "LinkKindEnum": "archive.models.LinkKind",
        "SourceKindEnum": "archive.models.SourceKind",
        "SuccessionKindEnum": "archive.models.SuccessionKind",
    },
    "SERVE_PERMISSIONS": ["archive.api.permissions.ModelPermissions"],
}

# --- History and jobs -----------------------------------------------------------------

PGHISTORY_LEVEL = pghistory.Statement
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history")
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey()
# A read writes no history: it need not be ready to say who did.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PROCRASTINATE_IMPORT_PATHS = ["archive.tasks"]

# What the archive forgets by itself, every night (archive.curate.retention); 0 is never.
ARCHIVE_KEEP_BODIES_DAYS = env.number("ARCHIVE_KEEP_BODIES_DAYS", 0, 0, 36_500)
ARCHIVE_KEEP_HISTORY_DAYS = env.number("ARCHIVE_KEEP_HISTORY_DAYS", 0, 0, 36_500)

# --- Logs -----------------------------------------------------------------------------

# Whether each request has a line of its own, at whatever level the rest is logged.
ARCHIVE_LOG_REQUESTS = env.flag("ARCHIVE_LOG_REQUESTS", True)
LOGGING = logging_settings(
    env.choice("ARCHIVE_LOG_FORMAT", "auto", ("auto", "json", "text")),
    env.choice("ARCHIVE_LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR")),
)
