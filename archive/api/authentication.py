"""How programs say who they are: `Authorization: Token ...`."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from archive.api.throttling import take_failure


class TokenAuthentication(KnoxAuthentication):
    """Knox, without its 500 for a token that holds bytes which no token has; wrong ones are counted."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, object] | None:
        if "HTTP_AUTHORIZATION" not in request.META:
            return None
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            take_failure(request)
            raise

    def authenticate_credentials(self, token: bytes) -> tuple[AbstractBaseUser, object]:
        if not token.isalnum():  # of bytes: ASCII letters and digits only
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)
