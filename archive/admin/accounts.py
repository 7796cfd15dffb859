"""Users, roles and tokens: nobody hands out what they do not have themselves."""

from datetime import timedelta
from typing import Any, ClassVar

# Before ours, so that there is something to replace.
import django.contrib.auth.admin as auth
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.admin.lists import DeclaredLists
from archive.curate.accounts import make_token, may_act_for, may_hand_out
from archive.curate.roles import GRANTS
from archive.models import Token

admin.site.unregister([Group, User])


@admin.register(User)
class UserAdmin(DeclaredLists, auth.UserAdmin):
    """Django's page. Who is no superuser changes nobody who may more, and hands out what they have."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_act_for(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_act_for(request.user, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = [*super().get_readonly_fields(request, obj), "last_login", "date_joined"]
        return fixed if request.user.is_superuser else [*fixed, "is_superuser", "user_permissions"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            groups = [group.pk for group in Group.objects.all() if may_hand_out(request.user, group)]
            field.queryset = field.queryset.filter(pk__in=groups)
            field.label_from_instance = role_name
        return field


@admin.register(Group)
class GroupAdmin(DeclaredLists, auth.GroupAdmin):
    """Groups besides the roles, which are as archive.curate.roles says. They are made by superusers alone."""

    list_display = ("shown", "name")

    @admin.display(description=_("role"))
    def shown(self, group: Group) -> str:
        return role_name(group)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser and not (obj and obj.name in GRANTS)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return self.has_change_permission(request, obj)


def role_name(group: Group) -> str:
    """What a group is called: a role in the reader's language."""
    return gettext(group.name) if group.name in GRANTS else group.name


class TokenForm(forms.ModelForm):
    """Whose token, what for, and for how long."""

    days = forms.IntegerField(label=_("valid for, in days"), min_value=1)

    # Who fills it in; set on the class that the admin makes for one request.
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if days := self.fields.get("days"):
            most = days.initial = days.widget.attrs["max"] = settings.REST_KNOX["TOKEN_TTL"].days
            days.validators.append(MaxValueValidator(most))

    def clean_user(self) -> User:
        owner = self.cleaned_data["user"]
        if not owner.is_active:
            raise ValidationError(_("This user is not active."))
        if not may_act_for(self.user, owner):
            raise ValidationError(_("This user may do more than you may."))
        return owner


@admin.register(Token)
class TokenAdmin(DeclaredLists, admin.ModelAdmin):
    """Tokens are made, seen and revoked. What is made is shown once, in the answer to the form.

    Not in a message, as knox's own page does: that goes into a cookie.
    """

    form = TokenForm
    list_display = ("beginning", "user", "note", "created", "expiry")
    list_select_related = ("user",)
    list_filter = ("expiry",)
    search_fields = ("user__username", "note")
    search_help_text = _("A user's name, or a part of the note.")
    autocomplete_fields = ("user",)
    readonly_fields: ClassVar = ["beginning", "created", "expiry"]

    @admin.display(description=_("begins with"))
    def beginning(self, token: Token) -> str:
        return token.beginning

    def get_fields(self, request: HttpRequest, obj: Token | None = None) -> list[str]:
        return ["beginning", "user", "note", "created", "expiry"] if obj else ["user", "note", "days"]

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Token | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        lifetime = timedelta(days=form.cleaned_data["days"])
        made, request.token = make_token(obj.user, lifetime, obj.note)
        # What Django goes on with, to its log.
        obj.__dict__.update(made.__dict__)

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue: Any = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("The new token"),
            "token": request.token,
            "made": obj,
        }
        page = TemplateResponse(request, "admin/archive/token.html", context)
        page["Cache-Control"] = "no-store"
        return page
