"""What a panel shows: state, what can be done to it, and how it reads as HTML and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup

from aralify_kernel.errors import AralifyError, InvalidValue, N_
from aralify_kernel.i18n import Translator, sentence, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN_AGAIN = N_("Run this cell (Shift+Enter) to use what is here.")


class Screen:
    """One screen. Subclasses name in `actions` the methods that the page may call."""

    actions: ClassVar[frozenset[str]] = frozenset()
    error_fields: ClassVar[Mapping[str, str]] = {}
    """By an error's code: the field it belongs to."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.uid = "ar"
        """Makes the ids of this screen's elements unique on a page."""
        self.error: AralifyError | None = None
        self.said = ""
        """What a screen reader is told after the last action."""
        self.opening: str | None = None
        """The notebook to open after the last action: a path relative to this notebook's folder."""

    @property
    def text(self) -> Translator:
        """The texts of this screen's language."""
        return translator(self.language)

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Do what the learner asked for; what they can mend becomes `error` and is shown."""
        if action not in self.actions:
            return
        self.error, self.said, self.opening = None, "", None
        try:
            getattr(self, action)(**values)
        except AralifyError as error:
            self.error = error
            self.said = self.error_text

    @property
    def error_text(self) -> str:
        """The sentence about what went wrong in the last action, or nothing."""
        if self.error is None:
            return ""
        if isinstance(self.error, InvalidValue) and self.error_field:
            details = self.error.details
            return self.text(details["reason"]).format(**details)
        return sentence(self.error, self.language)

    @property
    def error_field(self) -> str:
        """The field that the error belongs to, or nothing."""
        if isinstance(self.error, InvalidValue):
            name = str(self.error.details["field"])
            return name if name in self.error_fields.values() else ""
        return self.error_fields.get(self.error.code, "") if self.error else ""

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        self.language = language

    def refresh(self) -> None:
        """Read the state again."""

    def render(self) -> Markup:
        """Return the screen with its controls."""
        raise NotImplementedError

    def at_rest(self) -> Markup:
        """Return what the notebook keeps: the same without controls, and how to get them back."""
        raise NotImplementedError

    def as_text(self) -> str:
        """Return what is shown where there is no HTML."""
        raise NotImplementedError
