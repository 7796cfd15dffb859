from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from archive.api.root import NothingHere

handler400 = "monitor.views.bad_request"
handler500 = "monitor.views.server_error"

urlpatterns = [
    # First what is asked for most: each is tried in turn.
    path("api/v1/", include("archive.api.urls")),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    re_path("^api/", NothingHere.as_view()),
]
