"""Markdown of courses and messages as HTML. Raw HTML in it is shown, never interpreted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict


@cache
def _renderer(*, is_letter: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    blocks = MarkdownIt("commonmark", {"html": False, "breaks": is_letter}).enable("table")
    if is_letter:
        blocks.add_render_rule("image", _words_of_picture)
    return blocks


def _words_of_picture(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Any) -> str:
    """Return what stands in the place of a picture: its words, or its address where it has none."""
    picture = tokens[at]
    words = renderer.renderInlineAsText(picture.children, options, env)
    return str(escape(words or picture.attrGet("src") or ""))


@cache
def _inline_renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Only code and emphasis: a message may quote what a learner wrote, and that must not become a link or a picture.
    return MarkdownIt("zero", {"html": False}).enable(["backticks", "emphasis", "escape"])


def prose(text: str) -> Markup:
    """Return a text of a course as HTML blocks."""
    return _blocks(_renderer(is_letter=False), text)


def letter(text: str) -> Markup:
    """Return what a person wrote to others as HTML blocks: each line a line, and no pictures, which tell who reads it."""
    return _blocks(_renderer(is_letter=True), text)


def inline(text: str) -> Markup:
    """Return a sentence as HTML: backticks become code, asterisks emphasis, all else stays as it is.

    >>> inline("Line 2 uses `a < b`, <b>not</b> *c*.")
    Markup('Line 2 uses <code>a &lt; b</code>, &lt;b&gt;not&lt;/b&gt; <em>c</em>.')
    """
    return Markup(_inline_renderer().renderInline(text))  # noqa: S704 - html is off


def _blocks(renderer: MarkdownIt, text: str) -> Markup:
    return Markup('<div class="ar-prose">{}</div>').format(Markup(renderer.render(text)))  # noqa: S704 - html is off
