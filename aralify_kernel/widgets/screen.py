"""What a panel shows: state, what can be done to it, and how it reads as HTML and as text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup

from aralify_kernel.errors import N_, AralifyError, InvalidValue
from aralify_kernel.i18n import sentence, translator
from aralify_kernel.widgets.components import notice
from aralify_kernel.widgets.styles import sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.i18n import Translator

RUN_AGAIN = N_("Run this cell (Shift+Enter) to use what is here.")


class Screen(ABC):
    """One screen. Subclasses name in `actions` the methods that the page may call."""

    actions: ClassVar[frozenset[str]] = frozenset()
    fields: ClassVar[frozenset[str]] = frozenset()
    """The fields that an `InvalidValue` can belong to."""
    error_fields: ClassVar[Mapping[str, str]] = {}
    """By the code of another error: the field it belongs to."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.uid = "ar"
        """Makes the ids of this screen's elements unique on a page."""
        self.error: AralifyError | None = None
        self.said = ""
        """What a screen reader is told after the last action."""
        self.moved = False
        """Whether the last action led somewhere else; the focus then goes to where `focus` stands."""
        self.opening: str | None = None
        """The notebook to open after the last action: a path relative to this notebook's folder."""

    @property
    def _(self) -> Translator:
        """The texts of this screen's language."""
        return translator(self.language)

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Do what the learner asked for; what they can mend becomes `error` and is shown."""
        if action not in self.actions:
            return
        self.error, self.said, self.opening, self.moved = None, "", None, False
        try:
            getattr(self, action)(**values)
        except AralifyError as error:
            self.error, self.moved = error, False
            self.said = self.error_text

    @property
    def error_text(self) -> str:
        """The sentence about what went wrong in the last action, or nothing."""
        if self.error is None:
            return ""
        if isinstance(self.error, InvalidValue) and self.error_field:
            details = self.error.details
            translate = self._
            return translate(details["reason"]).format(**details)
        return sentence(self.error, self.language)

    @property
    def error_field(self) -> str:
        """The field that the error belongs to, or nothing."""
        if isinstance(self.error, InvalidValue):
            name = str(self.error.details["field"])
            return name if name in self.fields else ""
        return self.error_fields.get(self.error.code, "") if self.error else ""

    @property
    def focus(self) -> Markup:
        """The attributes of the heading that the focus goes to after a move."""
        return Markup(' tabindex="-1" class="ar-focus" data-ar-focus') if self.moved else Markup("")

    def error_at(self, name: str) -> str:
        """Return the sentence that stands at the field `name`."""
        return self.error_text if self.error_field == name else ""

    def general_error(self) -> Markup:
        """Return the error that belongs to no field, as a box."""
        if self.error is None or self.error_field:
            return Markup("")
        return notice("failed", self.error_text, role="alert", color="fail")

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        self.language = language

    def refresh(self) -> None:  # noqa: B027 - most screens have nothing to read again
        """Read the state again."""

    @abstractmethod
    def render(self) -> Markup:
        """Return the screen with its controls."""

    @abstractmethod
    def at_rest(self) -> Markup:
        """Return what the notebook keeps: the same without controls, and how to get them back."""

    def as_output(self, *sections: str) -> Markup:
        """Return what a notebook's output keeps: the screen at rest, with these parts of the style sheet (all of none)."""
        return Markup('{}<div class="ar" lang="{}" data-ar-panel="{}">{}</div>').format(
            sheet(*sections), self.language, self.uid, self.at_rest()
        )

    @abstractmethod
    def as_text(self) -> str:
        """Return what is shown where there is no HTML."""
