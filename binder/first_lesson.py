"""Sign a guest in and put a link to their copy of the first lesson where the Binder link points: first-lesson.ipynb."""

from __future__ import annotations

import os

from aralify_kernel.app import application


def main() -> None:
    """Open the first lesson of the first course for a guest."""
    app = application()
    session = app.session()
    if session.user is None:
        session.continue_as_guest(app.language() or "en")
    lesson = session.courses()[0].next_lesson
    if lesson is None:
        raise SystemExit("The first course has no lesson.")
    copy = app.open_working_copy(lesson.ref)
    link = app.settings.workspace / "first-lesson.ipynb"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(copy, link.parent))


if __name__ == "__main__":
    main()
