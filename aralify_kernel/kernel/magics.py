"""`%aralify` and what stands behind `%%exercise`."""

from __future__ import annotations

import html
import os.path
import uuid
from typing import TYPE_CHECKING, Final

from aralify_kernel.app.checking import NoExerciseNamed, exercise_named, first_exercise
from aralify_kernel.domain.exercise_cells import marked, marker
from aralify_kernel.domain.permissions import Role
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import N_, AralifyError, NotSignedIn, UsageError
from aralify_kernel.i18n import in_language
from aralify_kernel.kernel.workbench import publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.content import Exercise
    from aralify_kernel.kernel.workbench import Workbench


def run(line: str, bench: Workbench) -> None:
    """Do what `%aralify …` asks; what a person can mend is shown as a sentence."""
    name, _, argument = line.strip().partition(" ")
    try:
        command = _COMMANDS.get(name or "start")
        if command is None:
            raise UnknownCommand(name=name)
        command[0](bench, argument.strip())
    except AralifyError as error:
        bench.explain(error)
        if isinstance(error, UnknownCommand):
            _help(bench, "")


def naming_its_exercise(argument: str, cell: str, bench: Workbench) -> str | None:
    """Return the cell below `%%exercise` as one that names its exercise itself; None when that could not be told."""
    try:
        return marked(*exercise_named(argument, bench.session, bench.lesson_here), cell)
    except AralifyError as error:
        bench.explain(error)
        return None


class UnknownCommand(UsageError):
    """`%aralify` has no such command."""

    code = "unknown_command"
    message = N_("There is no “%aralify {name}”. This is what there is:")


class NoRoleNamed(UsageError):
    """A role was to be given, and either nobody was named or no role there is."""

    code = "no_role_named"
    message = N_("Say who gets which role: “%aralify role NAME ROLE”. The roles are {roles}.")


def _start(bench: Workbench, _argument: str, screen: str = "courses") -> None:
    from aralify_kernel.widgets.welcome import welcome

    if bench.app.settings.guest:
        _tell_visitor(bench)
    panel = welcome(
        bench.session,
        language=bench.app.language(),
        choose_language=bench.choose_language,
        open_lesson=bench.app.open_working_copy,
        screen=screen,
        progress_url=bench.app.settings.progress_url,
    )
    bench.show(panel, "welcome")


def _status(bench: Workbench, _argument: str) -> None:
    if bench.session.user is None:
        raise NotSignedIn
    _, profile = bench.texts, bench.session.profile()
    streak = _.plural("{n} day", "{n} days", profile.streak_current)
    today = _("Today counts") if profile.today_counts else _("Not yet today")
    bench.say(
        "\n".join(
            [
                _("Signed in: {name} ({user})", name=profile.display_name, user=profile.username),
                f"{_('Level')} {profile.level} · {profile.xp_total} XP · {_('Streak')}: {streak} ({today})",
            ]
        )
    )


def _login(bench: Workbench, argument: str) -> None:
    if bench.session.user is None:
        _start(bench, argument)
        return
    profile = bench.session.profile()
    if profile.is_guest:
        # Another sign-in would lose what a guest has earned; the profile is where they make it an account.
        _start(bench, argument, screen="profile")
        return
    _ = bench.texts
    bench.say(_("{name} stays signed in until somebody else has signed in here.", name=profile.display_name))
    _start(bench, argument, screen="sign_in")


def _hint(bench: Workbench, argument: str) -> None:
    lesson, exercise = _exercise_meant(bench, argument)
    hint = bench.session.next_hint(lesson, exercise)
    _ = bench.texts
    heading = _("Hint {rung}", rung=hint.rung) + (f" · {_('the last one')}" if hint.is_last else "")
    text = in_language(hint.text, bench.language)
    publish({"text/markdown": f"**{heading}**\n\n{text}", "text/plain": f"{heading}\n{text}"})
    bench.refresh_header()


def _quiz(bench: Workbench, argument: str) -> None:
    from aralify_kernel.widgets.quizzes import quiz

    lesson = bench.lesson_here()
    panel = quiz(
        bench.session,
        lesson,
        argument,
        language=bench.language,
        new_key=lambda: str(uuid.uuid4()),
        on_result=lambda _result: bench.refresh_header(),
    )
    bench.show(panel, ("quiz", lesson, argument))


def _lesson(bench: Workbench, argument: str) -> None:
    if argument:
        _link_to(bench, LessonRef.parse(argument))
        return
    from aralify_kernel.widgets.lessons import lesson_header

    lesson = bench.lesson_here()
    if bench.app.settings.guest:
        _tell_visitor(bench)
    panel = lesson_header(
        bench.session,
        lesson,
        language=bench.language,
        choose_language=bench.choose_language,
        now=bench.app.deciding_time,
    )
    bench.show(panel, "header")


def _tell_visitor(bench: Workbench) -> None:
    _ = bench.texts
    bench.say(_("You are visiting: what you do here is not saved when you leave."))


def _link_to(bench: Workbench, lesson: LessonRef) -> None:
    path = bench.app.open_working_copy(lesson)
    _ = bench.texts
    _say_with_link(_("Your copy of this lesson:"), _beside(bench, str(path)), str(path))


def _restore(bench: Workbench, argument: str) -> None:
    if argument:
        restored = bench.app.restore_cells(LessonRef.parse(argument))
        bench.say(bench.texts.plural("{n} cell was put back.", "{n} cells were put back.", restored))
        return
    _, lesson = bench.texts, bench.lesson_here()
    missing = _missing(bench, lesson)
    if not missing:
        bench.say(_("No exercise is missing here. (Save the notebook first if you deleted one just now.)"))
        return
    first, *others = missing
    # Nothing rewrites a notebook that is open: the front end itself is asked to put a cell below this one.
    starter = in_language(first.starter, bench.language)
    taught = bench.session.lesson(lesson).content.language
    bench.ip.set_next_input(f"{marker(lesson, first.id, taught)}\n{starter}")
    said = [_("“{title}” is back in the cell below.", title=in_language(first.title, bench.language) or first.id)]
    if others:
        said.append(
            _.plural("{n} more is missing: run this again.", "{n} more are missing: run this again.", len(others))
        )
    bench.say("\n".join(said))


def _missing(bench: Workbench, lesson: LessonRef) -> list[Exercise]:
    from aralify_kernel.domain.content import Exercise

    notebook = bench.notebook
    there = notebook.exercises if notebook else frozenset()
    exercises = [each for each in bench.session.lesson(lesson).content.activities if isinstance(each, Exercise)]
    return [each for each in exercises if (lesson, each.id) not in there]


def _progress(bench: Workbench, _argument: str) -> None:
    _status(bench, "")
    address = bench.app.settings.progress_url
    _ = bench.texts
    if address:
        _say_with_link("", address, _("My progress"))
    else:
        bench.say(_("The page “My progress” opens where Aralify was started with “aralify lab”."))


def _role(bench: Workbench, argument: str) -> None:
    name, _, role = argument.partition(" ")
    if role.strip().upper() not in Role.__members__:
        raise NoRoleNamed(roles=", ".join(Role.__members__))
    changed = bench.session.set_role(name, Role[role.strip().upper()])
    bench.say(bench.texts("{username} is {role} now.", username=changed.username, role=changed.role.name))


def _help(bench: Workbench, _argument: str) -> None:
    _ = bench.texts
    rows = [(f"%aralify {usage}".strip(), _(help_text)) for _command, usage, help_text in _COMMANDS.values()]
    rows.append(("%%exercise ID", _("judge the cell below as an answer to that exercise")))
    body = "".join(f"<dt><code>{html.escape(usage)}</code></dt><dd>{html.escape(text)}</dd>" for usage, text in rows)
    width = max(len(usage) for usage, _text in rows)
    publish(
        {
            "text/html": f"<dl>{body}</dl>",
            "text/plain": "\n".join(f"{usage:<{width}}  {text}" for usage, text in rows),
        }
    )


def _exercise_meant(bench: Workbench, argument: str) -> tuple[LessonRef, str]:
    if argument:
        return bench.lesson_here(), argument
    if bench.last_exercise is not None:
        return bench.last_exercise
    raise NoExerciseNamed(command="%aralify hint", example=first_exercise(bench.session, bench.lesson_here()))


def _say_with_link(text: str, address: str, label: str) -> None:
    link = f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{html.escape(label)}</a>'
    publish({"text/html": f"<p>{html.escape(text)} {link}</p>", "text/plain": f"{text} {address}".strip()})


def _beside(bench: Workbench, path: str) -> str:
    """Return `path` as a front end follows it: relative to the notebook's own folder."""
    notebook = bench.notebook
    return os.path.relpath(path, notebook.path.parent) if notebook else path


_COMMANDS: Final[dict[str, tuple[Callable[[Workbench, str], None], str, str]]] = {
    "start": (_start, "", N_("open the welcome screen")),
    "status": (_status, "status", N_("see who is signed in, XP, level and streak")),
    "login": (_login, "login", N_("sign in, make an account, or switch to another person")),
    "courses": (_start, "courses", N_("choose a course and a lesson")),
    "lesson": (_lesson, "lesson", N_("show this lesson's header")),
    "hint": (_hint, "hint [ID]", N_("get the next hint for the exercise you tried last")),
    "quiz": (_quiz, "quiz ID", N_("show a quiz of this lesson")),
    "restore": (_restore, "restore", N_("put missing exercises of this lesson back")),
    "progress": (_progress, "progress", N_("open the page “My progress”")),
    "role": (_role, "role NAME ROLE", N_("give an account another role, as an administrator")),
    "help": (_help, "help", N_("show this list")),
}
