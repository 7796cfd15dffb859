from django.urls import path, re_path
from rest_framework.routers import DefaultRouter

from archive.api import views
from archive.api.annotations import AnnotationViewSet
from archive.api.deletions import DeletionViewSet
from archive.api.root import Docs, NothingHere, Root, Schema

router = DefaultRouter(use_regex_path=True)
router.APIRootView = Root
# Addresses are tried in this order: first what is asked for most.
for name, viewset in {
    "articles": views.ArticleViewSet,
    "sources": views.SourceViewSet,
    "persons": views.PersonViewSet,
    "countries": views.CountryViewSet,
    "events": views.EventViewSet,
    "mentions": views.MentionViewSet,
    "citations": views.CitationViewSet,
}.items():
    router.register(name, viewset, basename=name)
router.include_format_suffixes = False

urlpatterns = [
    *router.urls,
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("deletions/", DeletionViewSet.as_view({"get": "list"}, basename="deletions"), name="deletions"),
    path(
        "articles/<str:pk>/annotations/",
        AnnotationViewSet.as_view({"get": "annotations"}),
        name="articles-annotations",
    ),
    re_path("^.*$", NothingHere.as_view()),
]
