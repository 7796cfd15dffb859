"""How often somebody may do something: rates are settings, what is left of them is in the database."""

from django.conf import settings

from archive.models import Allowance, Rate


def take(name: str, who: str) -> int:
    """Count one towards the rate `name` of `who`: 0, or where none is left, the seconds to wait."""
    rate = settings.ARCHIVE_RATES[name]
    return Allowance.objects.take(f"{name} {who}", Rate(*rate)) if rate else 0


def take_login(network: str) -> int:
    """Count an attempt to get in from `network`, by password or by a token that is none."""
    return take("logins", f"address {network}")
