"""The editors' desk: one file a noun, what they share in base. Importing it registers them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin import (  # noqa: F401
    accounts,
    article,
    citation,
    country,
    event,
    login,
    mention,
    office,
    person,
    purging,
    review,
    source,
    succession,
    system,
    text,
)

# There is no other site than this one.
admin.site.site_url = None
admin.site.site_header = _("Media archive")
admin.site.site_title = _("Media archive")
admin.site.index_title = _("The editors' desk")
