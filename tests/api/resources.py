"""The seven resources, found where the router has them."""

from archive.api.urls import router
from archive.api.views import Resource

VIEWS: dict[str, type[Resource]] = {name: view for name, view, _basename in router.registry}
