from rest_framework.routers import DefaultRouter

from bench.api.textbook.views import ArticleViewSet

router = DefaultRouter()
router.register("articles", ArticleViewSet)
urlpatterns = router.urls
