"""Pages of packs: what is installed, what evidence a pack reads, how its schemes judge."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from touchstone.content.datasets import ColumnSpec, Dataset
from touchstone.content.packs import Pack
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words
from touchstone_web.packs import queries
from touchstone_web.shared.installed_packs import words_of_pack


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    found = queries.packs(seen_by=request.user)
    rows = [{"pack": pack, "words": words_of_pack(pack.name)} for pack in found]
    cards = [
        {
            "pack": row["pack"],
            "title": row["words"].text("pack.title"),
            "about": row["words"].text("pack.about"),
        }
        for row in rows
    ]
    return render(request, "packs/packs.html", {"cards": cards})


@require_safe
def pack(request: HttpRequest, pack_name: str) -> HttpResponse:
    found = queries.pack(pack_name, seen_by=request.user)
    words = words_of_pack(found.name)
    context = {
        "pack": found,
        "words": words,
        "schemes": [
            {
                "name": name,
                "title": words.text(f"scheme.{name}.title"),
                "about": words.text(f"scheme.{name}.about"),
            }
            for name in found.schemes
        ],
        "datasets": [
            _dataset_context(name, dataset, words) for name, dataset in found.datasets.items()
        ],
    }
    return render(request, "packs/pack.html", context)


@require_safe
def scheme(request: HttpRequest, pack_name: str, scheme_name: str) -> HttpResponse:
    found = queries.pack(pack_name, seen_by=request.user)
    chosen = queries.scheme(found, scheme_name)
    words = words_of_pack(found.name)
    context = {
        "pack": found,
        "scheme": chosen,
        "scheme_name": scheme_name,
        "words": words,
        "title": words.text(f"scheme.{scheme_name}.title"),
        "about": words.text(f"scheme.{scheme_name}.about"),
        "sentences": scheme_in_words(chosen, found.indicators, words),
        "others": _others(found, scheme_name, words),
    }
    return render(request, "packs/scheme.html", context)


def _others(pack: Pack, scheme_name: str, words: Words) -> list[dict[str, str]]:
    return [
        {"name": name, "title": words.text(f"scheme.{name}.title")}
        for name in pack.schemes
        if name != scheme_name
    ]


def _dataset_context(name: str, dataset: Dataset, words: Words) -> dict[str, Any]:
    return {
        "name": name,
        "dataset": dataset,
        "title": words.text(f"dataset.{name}"),
        "columns": [_column_context(column, dataset, words) for column in dataset.columns],
    }


def _column_context(column: ColumnSpec, dataset: Dataset, words: Words) -> dict[str, Any]:
    """What a column must hold, as keys and numbers; the template makes sentences of it."""
    own = f"column.{column.name}"
    return {
        "column": column,
        "about": words.text(own) if words.knows(own) else "",
        "is_key": column.name in dataset.key,
        "is_unit": column.name == dataset.unit,
        "bounds": _bounds(column, words),
        "choices": [_choice(column.name, value, words) for value in column.choices],
    }


def _choice(column: str, value: str, words: Words) -> dict[str, str]:
    key = f"value.{column}.{value}"
    return {"value": value, "text": words.text(key) if words.knows(key) else ""}


def _bounds(column: ColumnSpec, words: Words) -> str:
    """The least and the greatest number a column may hold, as far as there are such."""
    if column.low is not None and column.high is not None:
        return words.text(
            "sign.range", low=words.number(column.low), high=words.number(column.high)
        )
    if column.low is not None:
        return words.text("packs.from", low=words.number(column.low))
    return "" if column.high is None else words.text("packs.up_to", high=words.number(column.high))
