"""Logging in: counted by address, locked after some failures (django-axes), and always answered alike."""

from math import ceil
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from archive.curate.addresses import client_address, network
from archive.curate.rates import take_login


class LoginForm(AdminAuthenticationForm):
    """Django's, whose every use is counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django tells browsers only, and axes keeps names in a column.
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))

    def clean(self) -> dict[str, Any]:
        if wait := take_login(network(client_address(self.request))):
            # The middleware of axes turns it into `locked`. No password is looked at: that takes long.
            self.request.axes_locked_out, self.request.login_wait = True, wait
            raise self.get_invalid_login_error()
        return super().clean()

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        try:
            super().confirm_login_allowed(user)
        except ValidationError:
            # The right password of one who may not come in here: were it not counted, a lock that fails to
            # fall would tell that it is right.
            user_login_failed.send(
                __name__, credentials={"username": user.get_username()}, request=self.request
            )
            raise


def locked(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """429: too many attempts. It says the same of any name, whether there is such a user or not."""
    wait = getattr(request, "login_wait", settings.AXES_COOLOFF_TIME.total_seconds())
    context = {**admin.site.each_context(request), "title": _("Locked"), "minutes": ceil(wait / 60)}
    page = render(request, "admin/archive/locked.html", context, status=429)
    page["Retry-After"] = str(ceil(wait))
    return page


admin.site.login_form = LoginForm
