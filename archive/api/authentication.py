"""How programs say who they are: `Authorization: Token ...`."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(KnoxAuthentication):
    """Knox, without its 500 for a token that holds bytes which no token has."""

    def authenticate_credentials(self, token: bytes) -> tuple[AbstractBaseUser, object]:
        if not token.isalnum():  # of bytes: ASCII letters and digits only
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)
