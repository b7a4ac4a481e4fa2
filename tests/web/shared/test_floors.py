"""A lower part knows nothing of a higher one, in its tables either; only commands write."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from touchstone_web.settings import OWN_APPS

SOURCE = Path(__file__).parents[3] / "src" / "touchstone_web"
# Lowest first, as in the settings.
FLOORS = [name.rpartition(".")[2] for name in OWN_APPS]
WRITING = {
    "abulk_create",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update_or_create",
}
VIEWS = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if path.name == "views.py" or path.parent.name == "views"
]
QUERIES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if path.name == "queries.py" or path.parent.name == "queries"
]


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def test_all_parts_stand_on_a_floor():
    """Every part of the web side that has an app is listed in the settings."""
    folders = {path.parent.name for path in SOURCE.glob("*/apps.py")}
    assert folders == set(FLOORS)


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_a_relation_leads_down_or_across(model):
    """A table refers to tables of its own part and of lower ones."""
    own = FLOORS.index(model._meta.app_label)
    upward = [
        field.name
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if FLOORS.index(field.related_model._meta.app_label) > own
    ]
    assert upward == []


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_view_asks_queries_and_commands_only(path):
    """Views never reach for a manager, so that nothing goes past `seen_by`."""
    named = [node.attr for node in ast.walk(read(path)) if isinstance(node, ast.Attribute)]
    assert "objects" not in named


@pytest.mark.parametrize("path", [*VIEWS, *QUERIES], ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_commands_and_jobs_write(path):
    """Nothing is stored, changed or deleted from a view or a query."""
    called = [
        node.func.attr
        for node in ast.walk(read(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert sorted(set(called) & WRITING) == []


def test_every_address_of_our_parts_has_a_name():
    """Names are what templates, menus and the table of remits refer to."""
    unnamed = [
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        for pattern in resolver.url_patterns
        if pattern.name is None
    ]
    assert unnamed == []


def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
