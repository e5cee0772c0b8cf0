"""A panel: what a notebook keeps of it, and what travels between it and the page."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from aralify_kernel import widgets
from aralify_kernel.widgets import markdown, styles
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.screen import Screen


class Counter(Screen):
    actions = frozenset({"count"})
    n = 0

    def count(self, value="1"):
        self.n += int(value)
        self.said = f"{self.n} now"

    def render(self):
        return Markup("<p>{}</p><button>More</button>").format(self.n)

    def at_rest(self):
        return Markup("<p>Run this cell.</p>")

    def as_text(self):
        return f"Counter at {self.n}"


@pytest.fixture
def panel(monkeypatch):
    panel = Panel(Counter("en"))
    sent = []
    monkeypatch.setattr(panel, "send", sent.append)
    panel.sent = sent
    return panel


def test_a_notebook_keeps_html_and_text_and_no_widget(panel):
    data, _ = panel._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert "<p>Run this cell.</p>" in data["text/html"]
    assert "<button" not in data["text/html"]
    assert f'data-ar-panel="{panel.panel_id}"' in data["text/html"]
    assert data["text/plain"] == "Counter at 0"


def test_what_the_page_sends_is_done_shown_and_said(panel):
    panel._receive(panel, {"action": "count", "values": {"value": "5"}}, [])
    assert panel.html == "<p>5</p><button>More</button>"
    assert panel.sent == [{"say": "5 now", "focus": True}]


def test_a_refresh_says_what_it_is_told(panel):
    panel.screen.n = 7
    panel.refresh("Passed")
    assert "7" in panel.html
    assert panel.sent == [{"say": "Passed"}]


def test_two_panels_have_different_elements():
    assert Panel(Counter("en")).screen.uid != Panel(Counter("en")).screen.uid


def test_a_small_choice_of_styles_has_what_it_needs_and_not_the_rest():
    small, whole = styles.sheet("state", "result"), styles.sheet()
    assert len(small) < len(whole) * 0.7
    assert "--ar-icon-passed:" in small
    assert ".ar-thread" not in small
    assert "--ar-accent:" in small


def modules_of_widgets():
    return [importlib.import_module(f"{widgets.__name__}.{one.name}") for one in pkgutil.iter_modules(widgets.__path__)]


def icons_named():
    """Every icon that the source of an output names, by the class that shows it."""
    classes = {"icon": "ar-i", "notice": "ar-i", "state": "ar-state"}
    for module in modules_of_widgets():
        for call in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
            match call:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(kind)), *_]) if name in classes:
                    yield f"{classes[name]}--{kind}"


@pytest.mark.parametrize(
    "sections",
    sorted(
        {
            one.sections
            for module in modules_of_widgets()
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Panel)
        }
    ),
)
def test_every_icon_that_an_output_can_use_is_among_the_styles_it_is_sent_with(sections):
    rules, shown = styles.rules(*sections), set(icons_named())
    assert {"ar-i--eye", "ar-state--late"} <= shown
    assert {name for name in shown if f".ar.ar .{name} {{" not in rules} == set()
    named, drawn = (set(re.findall(pattern, rules)) for pattern in (r"var\((--ar-icon-\w+)", r"(--ar-icon-\w+):"))
    assert named - drawn == set()


def test_an_unknown_section_of_the_styles_is_a_mistake():
    with pytest.raises(KeyError, match="shiny"):
        styles.sheet("shiny")


def test_prose_is_markdown_and_never_html():
    html = markdown.prose("Use `a < b`.\n\n- one\n\n<script>alert(1)</script> [x](javascript:alert)")
    assert "<code>a &lt; b</code>" in html
    assert "<li>one</li>" in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_what_somebody_wrote_to_others_fetches_nothing_from_elsewhere():
    html = markdown.letter("Use `a < b`: [see](http://z) ![p](http://q/who-reads.png) <script>alert(1)</script>")
    assert "<code>a &lt; b</code>" in html
    assert '<a href="http://z">see</a>' in html
    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("picture", "shown"),
    [("![a *b* <c>](http://q/x.png)", "a b &lt;c&gt;"), ("![](http://q/x.png?a&b)", "http://q/x.png?a&amp;b")],
)
def test_of_a_picture_somebody_put_into_a_letter_only_its_words_are_left(picture, shown):
    assert f"<p>Look: {shown}</p>" in markdown.letter(f"Look: {picture}")


def test_what_somebody_wrote_to_others_keeps_its_lines():
    assert "<br" in markdown.letter("Read the task again.\nYou are one step away.")
    assert "<br" not in markdown.prose("A line of a course\ngoes on here.")


def test_a_sentence_keeps_code_and_makes_no_links():
    assert markdown.inline("`x` *or* [y](http://z) ![p](http://q)") == (
        "<code>x</code> <em>or</em> [y](http://z) ![p](http://q)"
    )
