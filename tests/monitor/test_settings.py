"""The settings are safe as they stand, and the README's table names each variable that is read."""

import json
import re
import subprocess
import sys

import pytest

from tests.monitor.processes import ROOT, environment, manage

READ = re.compile(r"""["'](ARCHIVE_[A-Z_]+|DATABASE_URL)["']""")
ROW = re.compile(r"^\| `([A-Z][A-Z_]+)`", re.MULTILINE)

# What a test may want to know of the settings, as JSON.
TELL = """
import json
from django.conf import settings
names = ["DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "ANONYMOUS_READ", "SECURE_SSL_REDIRECT",
         "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_CODE", "MIDDLEWARE",
         "CORS_ALLOWED_ORIGINS", "CORS_ALLOW_ALL_ORIGINS", "CORS_ALLOW_CREDENTIALS", "ARCHIVE_RATES",
         "PROXIES", "CONTENT_SECURITY_POLICY", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_SAMESITE", "PASSWORD_HASHERS"]
told = {name: getattr(settings, name) for name in names}
told |= {"embedded": settings.EMBEDDED is not None, "host": settings.DATABASES["default"]["HOST"]}
print(json.dumps(told))
"""


def settings_of(data_dir, **variables):
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=ROOT,
        env=environment(data_dir, DJANGO_SETTINGS_MODULE="monitor.settings", **variables),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def default(tmp_path_factory):
    return settings_of(tmp_path_factory.mktemp("settings") / "var")


def test_djangos_own_check_finds_nothing_to_say_of_the_defaults(tmp_path):
    done = manage(tmp_path / "var", "check", "--deploy", "--fail-level=WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_a_check_starts_no_database(tmp_path):
    manage(tmp_path / "var", "check")
    assert not (tmp_path / "var" / "postgres").exists()


def test_debugging_is_off(default):
    assert default["DEBUG"] is False


def test_nobody_reads_without_an_account_unless_told(default, tmp_path):
    assert default["ANONYMOUS_READ"] is False
    assert settings_of(tmp_path / "var", ARCHIVE_ANONYMOUS_READ="1")["ANONYMOUS_READ"] is True


def test_only_this_machine_is_answered(default):
    assert default["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_https_is_demanded_unless_told(default, tmp_path):
    names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    plain = settings_of(tmp_path / "var", ARCHIVE_HTTPS="0")
    assert {default[name] for name in names} == {True}
    assert {plain[name] for name in names} == {False}


def test_arabic_comes_first(default):
    assert default["LANGUAGE_CODE"] == "ar"


def test_the_secret_key_is_kept_from_start_to_start(tmp_path):
    first, second = (settings_of(tmp_path / "var")["SECRET_KEY"] for _ in range(2))
    assert first == second


def test_the_embedded_database_is_the_default_and_an_address_always_wins(default, tmp_path):
    assert default["embedded"] is True
    named = settings_of(tmp_path / "var", DATABASE_URL="postgresql://db.example/archive")
    assert (named["embedded"], named["host"]) == (False, "db.example")


def test_the_readme_names_every_variable_and_no_other():
    sources = [ROOT / "manage.py", *sorted((ROOT / "monitor").rglob("*.py"))]
    read = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    told = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(told) == sorted(read)


def test_no_variable_is_read_outside_the_settings():
    """What is not in monitor/ is not in the README's table."""
    elsewhere = [
        path for path in (ROOT / "archive").rglob("*.py") if READ.search(path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []


def test_no_origin_is_let_in_unless_told_and_none_with_cookies(default, tmp_path):
    assert default["CORS_ALLOWED_ORIGINS"] == []
    assert default["CORS_ALLOW_ALL_ORIGINS"] is False
    some = settings_of(tmp_path / "var", ARCHIVE_CORS_ORIGINS="https://desk.example")
    every = settings_of(tmp_path / "var", ARCHIVE_CORS_ORIGINS="*")
    assert (some["CORS_ALLOWED_ORIGINS"], some["CORS_ALLOW_ALL_ORIGINS"]) == (["https://desk.example"], False)
    assert (every["CORS_ALLOWED_ORIGINS"], every["CORS_ALLOW_ALL_ORIGINS"]) == ([], True)
    assert {told["CORS_ALLOW_CREDENTIALS"] for told in (default, some, every)} == {False}
    middleware = "corsheaders.middleware.CorsMiddleware"
    assert [middleware in told["MIDDLEWARE"] for told in (default, some, every)] == [False, True, True]


def test_rates_hold_unless_told(default, tmp_path):
    assert default["ARCHIVE_RATES"].keys() == {"reads", "searches", "writes", "logins"}
    assert None not in default["ARCHIVE_RATES"].values()
    told = settings_of(tmp_path / "var", ARCHIVE_RATE_READS="", ARCHIVE_RATE_WRITES="5/hour")["ARCHIVE_RATES"]
    assert (told["reads"], told["writes"]) == (None, [5, 3600])


def test_nothing_forwarded_is_believed_unless_told(default, tmp_path):
    assert default["PROXIES"] == 0
    assert settings_of(tmp_path / "var", ARCHIVE_TRUST_PROXY="1")["PROXIES"] == 1


def test_no_inline_script_or_style_is_let_in(default):
    directives = default["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert {"default-src", "script-src", "style-src"} <= directives.keys()
    assert not [name for name, sources in directives.items() if any("unsafe" in source for source in sources)]


def test_cookies_are_for_this_site_and_no_script(default):
    assert default["SESSION_COOKIE_HTTPONLY"] is True
    assert (default["SESSION_COOKIE_SAMESITE"], default["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")


def test_passwords_are_kept_by_a_hash_that_takes_memory(default):
    assert default["PASSWORD_HASHERS"][0].endswith("ScryptPasswordHasher")
