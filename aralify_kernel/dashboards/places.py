"""What is beside a page: somebody's own Jupyter, which opens lessons, or a class server, which does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aralify_kernel.dashboards.markup import link
from aralify_kernel.widgets.components import NOTHING, button

if TYPE_CHECKING:
    from aralify_kernel.domain.session import LessonCard
    from aralify_kernel.i18n import Translator

_LESSONS: Final = "lab/tree/welcome.ipynb"
"""The welcome notebook with the courses, below the address of the reader's own Jupyter."""
_FIRST_PAGE: Final = ""
"""The first page of a class server, below its address."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page leads to: into the Jupyter beside it, or, when it is a class server's, to the server's pages."""

    is_hosted: bool

    def opening(self, lesson: LessonCard, text: str, _: Translator) -> Markup:
        """Return the button `text` that writes the lesson's working copy and goes there, or where to open it."""
        if self.is_hosted:
            return Markup('<p class="ar-small">{}</p>').format(_("You open it in your own Jupyter, among the lessons."))
        return button(text, "open_lesson", value=str(lesson.ref), kind="primary")

    def lessons(self, text: str, *, kind: str) -> Markup:
        """Return the link `text` to all lessons, or nothing when none leads there."""
        return NOTHING if self.is_hosted else link(text, _LESSONS, kind=kind)

    def other_pages(self, _: Translator) -> Markup:
        """Return the link that stands beside the page's own name at the top."""
        return link(_("All pages"), _FIRST_PAGE) if self.is_hosted else link(_("Lessons"), _LESSONS)

    def class_page(self, slug: str) -> str:
        """Return the address of the page of a class, below the server's own."""
        page = "dashboards/class" if self.is_hosted else "voila/render/dashboards/class.ipynb"
        return f"{page}?class={slug}"

    def classes_page(self, slug: str = "") -> str:
        """Return the address of the page of all classes, or of what is set for one of them."""
        page = "dashboards/classes" if self.is_hosted else "voila/render/dashboards/classes.ipynb"
        return f"{page}?class={slug}" if slug else page

    def sign_in(self, _: Translator) -> Markup:
        """Return the link to where people sign in, for a page that nobody is signed in to."""
        if self.is_hosted:
            return link(_("Sign in"), "sign-in", kind="ar-btn ar-btn--primary")
        return link(_("Go to the lessons"), _LESSONS, kind="ar-btn ar-btn--primary")

    def change_of_person(self, _: Translator) -> Markup:
        """Return the link to where people sign out, for whoever is not the one who is signed in."""
        return link(_("not you?"), _FIRST_PAGE if self.is_hosted else _LESSONS)
