from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = _("Archive")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from archive.curate import roles
        from archive.models import fields
        from archive.search import index

        fields.derive_on_raw_save()
        index.refresh_saved()
        post_migrate.connect(roles.make_roles, sender=self)
