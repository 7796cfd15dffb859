"""Filters of lists that do not list a whole table."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.admin.forms import LoadedSelect
from archive.admin.rows import offered


class ByRecord(admin.FieldListFilter):
    """By one related record, chosen with an autocomplete: ("person", ByRecord)."""

    template = "admin/archive/by_record.html"

    def __init__(
        self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.lookup = f"{field_path}__id__exact"
        super().__init__(field, request, params, model, model_admin, field_path)
        self.admin_site, self.user = model_admin.admin_site, request.user

    def expected_parameters(self) -> list[str]:
        return [self.lookup]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[dict]:
        """One form, with the list's other parameters in hidden fields."""
        others = {k: v for k, v in changelist.params.items() if k not in (self.lookup, "p")}
        chosen = self.used_parameters.get(self.lookup)
        yield {
            "select": self._select(chosen[-1] if isinstance(chosen, list) else chosen),
            "others": others.items(),
            "chosen": chosen is not None,
            "clear": changelist.get_query_string(remove=[self.lookup]),
        }

    def _select(self, value: Any) -> SafeString:
        field = ModelChoiceField(offered(self.field.related_model, self.user), required=False)
        widget = LoadedSelect(
            self.field, self.admin_site, attrs={"data-width": "100%", "id": f"by_{self.lookup}"}
        )
        widget.choices = field.choices
        return widget.render(self.lookup, value)


class Languages(admin.SimpleListFilter):
    """By a language that occurs. DISTINCT would read every row; this hops along the index."""

    title = _("language")
    parameter_name = "language"
    HOPS = """
        WITH RECURSIVE tag AS (
            (SELECT min(language) AS language FROM {table})
            UNION ALL
            SELECT (SELECT min(language) FROM {table} WHERE language > tag.language)
            FROM tag WHERE tag.language IS NOT NULL
        )
        SELECT language FROM tag WHERE language IS NOT NULL
    """

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(self.HOPS.format(table=connection.ops.quote_name(model_admin.opts.db_table)))
            return [(tag, tag) for (tag,) in cursor.fetchall()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(language=self.value()) if self.value() else queryset
