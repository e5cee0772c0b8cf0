"""A lesson as notebook cells: what a fresh working copy holds.

Every cell of ours has a stable id, also kept in its metadata, because a front end gives pasted cells new ids, and the
hash of its text as rendered, so that what a learner changed can be told from what we wrote.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from aralify_kernel.domain.content import Example, Exercise, Prose, Quiz
from aralify_kernel.domain.exercise_cells import marker
from aralify_kernel.domain.statements import with_magic
from aralify_kernel.i18n import in_language, translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aralify_kernel.domain.content import Block
    from aralify_kernel.domain.session import OpenLesson

Cell: TypeAlias = dict[str, Any]
Notebook: TypeAlias = dict[str, Any]

_PYTHON: Final = {"name": "aralify", "display_name": "Aralify (Python)", "language": "python"}
_KERNELSPECS: Final = {
    "javascript": {"name": "aralify-javascript", "display_name": "Aralify (JavaScript)", "language": "javascript"},
}
"""By the language that is taught; every other is taught in a Python kernel."""
_READ_ONLY: Final = {"editable": False}
_HIDDEN: Final = {"editable": False, "jupyter": {"source_hidden": True}}
_FIXED: Final = {"editable": False, "deletable": False}


def render(opened: OpenLesson, language: str, username: str) -> Notebook:
    """Return a fresh working copy of a lesson: no hidden check, reference, hint or answer is in it."""
    return {
        "cells": list(rendered_cells(opened, language)),
        "metadata": notebook_metadata({}, opened, language, username),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def rendered_cells(opened: OpenLesson, language: str) -> Iterator[Cell]:
    """Yield the cells of a lesson in order, each with an id that it keeps in every language and version."""
    _ = translator(language)
    title = in_language(opened.card.title, language)
    announcement = _(
        "Press **Shift+Enter** to run a cell and go to the next one. This is all you need in the whole lesson."
    )
    yield _markdown(opened, "title", "title", f"# {title}\n\n{announcement}")
    yield _code(opened, "header", "header", "%aralify lesson", _HIDDEN)
    for number, block in enumerate(opened.content.blocks):
        yield from _of_block(opened, block, language, title if number == 0 else None)
    closing = _(
        "**This is the end of the lesson.** You can run any exercise again, as often as you like. "
        "To choose the next lesson, write `%aralify courses` in a new cell and press Shift+Enter."
    )
    yield _markdown(opened, "closing", "closing", closing)


def _of_block(opened: OpenLesson, block: Block, language: str, title: str | None) -> Iterator[Cell]:
    taught = opened.content.language
    if isinstance(block, Prose):
        text = in_language(block.text, language)
        heading, _, rest = text.partition("\n")
        # The author's notebook needs its heading; here the first cell has just said it.
        source = (heading.strip() == f"# {title}" and rest.strip("\n")) or text
        yield _markdown(opened, "prose", cell_id("prose", block.id), source)
    elif isinstance(block, Example):
        yield _code(opened, "example", cell_id("example", block.id), with_magic(block.source, taught), {})
    elif isinstance(block, Quiz):
        yield _code(opened, "quiz", cell_id("quiz", block.id), f"%aralify quiz {block.id}", _HIDDEN, quiz=block.id)
    else:
        yield _exercise(opened, block, language)
        for check in block.checks:
            if not check.hidden:
                source = with_magic(check.source, taught)
                yield _code(opened, "check", cell_id("check", check.id), source, _FIXED, exercise=block.id)


def _exercise(opened: OpenLesson, exercise: Exercise, language: str) -> Cell:
    first_line = marker(opened.card.ref, exercise.id, opened.content.language)
    cell = _code(opened, "exercise", cell_id("exercise", exercise.id), "", {})
    cell["source"] = f"{first_line}\n{in_language(exercise.starter, language)}"
    cell["metadata"]["aralify"] = {
        "role": "exercise",
        "lesson": str(opened.card.ref),
        "exercise": exercise.id,
        "content_version": opened.content_version,
    }
    return cell


def _markdown(opened: OpenLesson, role: str, name: str, source: str) -> Cell:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {**_READ_ONLY, "aralify": _provenance(opened, role, name, source)},
        "source": source,
    }


def _code(opened: OpenLesson, role: str, name: str, source: str, metadata: Mapping[str, Any], **names: str) -> Cell:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {**metadata, "aralify": {**_provenance(opened, role, name, source), **names}},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _provenance(opened: OpenLesson, role: str, name: str, source: str) -> dict[str, Any]:
    return {"role": role, "lesson": str(opened.card.ref), "cell": name, "rendered": text_hash(source)}


def notebook_metadata(existing: Mapping[str, Any], opened: OpenLesson, language: str, username: str) -> dict[str, Any]:
    """Return `existing` with what says which lesson the notebook is, in which language, and whose."""
    aralify = {
        "lesson": str(opened.card.ref),
        "content_version": opened.content_version,
        "lang": language,
        "username": username,
    }
    kernelspec = _KERNELSPECS.get(opened.content.language, _PYTHON)
    spoken = {"name": kernelspec["language"]}
    return {"language_info": spoken, **existing, "kernelspec": dict(kernelspec), "aralify": aralify}


def cell_id(role: str, name: str) -> str:
    """Return our id for a part of the lesson; long names are shortened, as the format allows 64 characters."""
    whole = f"{role}-{name}"
    return whole if len(whole) <= 64 else f"{role}-{text_hash(name)}"


def text_hash(source: str) -> str:
    """Return what tells one text from another, in 16 characters."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
