"""Who may act for whom, and the tokens by which programs do."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group

from archive.models import Token


def may_act_for(user: AbstractBaseUser, other: AbstractBaseUser) -> bool:
    """Whether `user` may change `other`, or make its tokens: nobody gets at more than they may themselves."""
    if user.is_superuser or user.pk == other.pk:
        return True
    return not other.is_superuser and other.get_all_permissions() <= user.get_all_permissions()


def may_hand_out(user: AbstractBaseUser, group: Group) -> bool:
    """Whether `user` may put others, or itself, into `group`."""
    if user.is_superuser:
        return True
    held = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in held} <= user.get_all_permissions()


def make_token(user: AbstractBaseUser, lifetime: timedelta, note: str = "") -> tuple[Token, str]:
    """A token for `user`, as it is kept (hashed) and as it is, which nobody sees again."""
    return Token.objects.create(user, expiry=lifetime, note=note)


def revoke_tokens(user: AbstractBaseUser, beginning: str = "") -> int:
    """Remove the tokens of `user` that begin so; how many there were."""
    return Token.objects.filter(user=user, token_key__startswith=beginning).delete()[0]
