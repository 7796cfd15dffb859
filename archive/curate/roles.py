"""The roles: what each may, said once. docs/permissions.md says it to people; a test holds the two together.

A role is a group of Django's, made by `manage.py migrate` and brought in step each time that ends. Its
permissions are those of this page and no others: who wants another mixture makes a group of another name.
"""

from typing import Any, Final

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.utils.translation import gettext_noop

READER: Final = gettext_noop("reader")
CONTRIBUTOR: Final = gettext_noop("contributor")
EDITOR: Final = gettext_noop("editor")
ADMINISTRATOR: Final = gettext_noop("administrator")

# Tables by who writes them. What articles report is suggested by anybody who contributes;
FACTS: Final = "mention citation event eventlink participation office succession"
# so are the articles and persons that it takes, and the rows that belong to one of those.
REPORTED: Final = "article person"
PARTS: Final = "articleabstract articleaddress personname"
# A text is never changed or removed: a body can be attached to one that waits for it.
TEXTS: Final = "articletext"
# What everything else refers to is the editors'.
REFERENCE: Final = "country countryname source sourcename sourcecollection collectionmember"
ALL: Final = f"{FACTS} {REPORTED} {PARTS} {TEXTS} {REFERENCE}"

# What a role may besides what the one before it may: the application, the actions, the tables.
GRANTS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    READER: (("archive", "view", ALL),),
    CONTRIBUTOR: (
        ("archive", "view", "review"),
        ("archive", "add change", f"{FACTS} {REPORTED} {PARTS} {TEXTS}"),
        # Of facts, those that no editor has decided (archive.curate.review).
        ("archive", "delete", f"{FACTS} {PARTS}"),
    ),
    EDITOR: (
        ("archive", "add change delete", ALL),
        # Decides.
        ("archive", "add", "review"),
        ("archive", "read", "text"),
    ),
    ADMINISTRATOR: (
        ("auth", "view add change delete", "user"),
        ("auth", "view", "group"),
        ("archive", "view add delete", "token"),
        # Takes articles down; to delete a takedown is to allow the article again.
        ("archive", "purge", "article"),
        ("archive", "view delete", "purge"),
        # Deleting an attempt to log in unlocks.
        ("axes", "view delete", "accessattempt"),
        ("procrastinate", "view", "procrastinatejob"),
    ),
}


def permissions(role: str) -> set[str]:
    """What `role` may, as `archive.add_event`."""
    found = set()
    for name, grants in GRANTS.items():
        for app, actions, tables in grants:
            found |= {f"{app}.{action}_{table}" for action in actions.split() for table in tables.split()}
        if name == role:
            return found
    raise KeyError(role)


def make_roles(*, using: str, apps: Any = installed, **_: Any) -> None:
    """After `migrate`: the groups are there, with their permissions. Changes nothing where they are right."""
    try:
        Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # not yet migrated so far, or no more
        return
    for name in {app for grants in GRANTS.values() for app, _actions, _tables in grants}:
        # Django makes them application by application, some after this one.
        create_permissions(installed.get_app_config(name), verbosity=0, using=using, apps=apps)
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role in GRANTS:
        group, _made = Group.objects.using(using).get_or_create(name=role)
        # While older migrations are tried, not all of them are there.
        group.permissions.set([known[name] for name in permissions(role) & known.keys()])
