"""What tests of the desk share: who sits at it, what a form sends, and what a page complains about."""

from django.contrib.auth.models import Permission, User


def staff(client, *permissions: str) -> User:
    user = User.objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="archive", codename__in=permissions)
    )
    client.force_login(user)
    return user


def event_form(**fields) -> dict:
    formsets = {
        f"{name}-{part}": 0
        for name in ("participations", "links", "citations", "reviews")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {
        **formsets,
        "title": "زيارة",
        "slug": "a-visit",
        "type": "consult",
        "occurrence": "occurred",
        **fields,
    }


def errors(response) -> str:
    """All that the forms of a page complain about."""
    assert response.status_code == 200
    form = response.context["adminform"].form
    inlines = [
        e
        for f in response.context["inline_admin_formsets"]
        for e in [*f.formset.errors, f.formset.non_form_errors()]
    ]
    return f"{form.errors} {inlines}"
