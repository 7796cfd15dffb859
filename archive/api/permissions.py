"""Who may read and write over the API."""

from typing import Any

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

METHODS = {"POST": ("add",), "PATCH": ("change",), "DELETE": ("delete",)}
# What a list of rows is to do (the parameter `mode`), and what that takes.
MODES = {"create": ("add",), "update": ("change",), "upsert": ("add", "change")}


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
        verbs = METHODS[request.method]
        if request.method == "POST":
            verbs = MODES.get(request.query_params.get("mode"), verbs)
        meta = model._meta
        return user.has_perms([f"{meta.app_label}.{verb}_{meta.model_name}" for verb in verbs])
