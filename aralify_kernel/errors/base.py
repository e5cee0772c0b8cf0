"""What every error that a person can mend has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text for translation and return it as it is."""
    return message


class AralifyError(Exception):
    """A person can mend this; `sentence` in `i18n` says how, in their language."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("Something went wrong.")
    exit_code: ClassVar[int] = 1

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.render(lambda text: text, lambda texts: next(iter(texts.values()), "")))

    def render(self, translate: Callable[[str], str], choose: Callable[[Mapping[str, str]], str]) -> str:
        """Return the sentence in one language.

        The template, a `kind` (a word) and a `reason` (a template of its own) go through `translate`; of a detail that
        is one text by language, such as a title, `choose` takes one.
        """
        values = {name: choose(value) if isinstance(value, Mapping) else value for name, value in self.details.items()}
        if isinstance(values.get("reason"), str):
            values["reason"] = translate(values["reason"]).format(**values)
        if isinstance(values.get("kind"), str):
            values["kind"] = translate(values["kind"])
        return translate(self.message).format(**values)
