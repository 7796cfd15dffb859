"""Who may read and write over the API."""

from typing import Any

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

METHODS = {"POST": "add", "PATCH": "change", "DELETE": "delete"}


class ModelPermissions(BasePermission):
    """Reading: who is logged in, or everybody where the setting says so. Writing: the model's permission."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if request.method in SAFE_METHODS:
            return settings.ANONYMOUS_READ or bool(user and user.is_authenticated)
        if request.method not in METHODS or not hasattr(view, request.method.lower()):
            return True  # nothing happens: the answer is 405
        model = getattr(view, "model", None)
        if model is None or not (user and user.is_authenticated):
            return False
        return user.has_perm(f"{model._meta.app_label}.{METHODS[request.method]}_{model._meta.model_name}")
