"""From a cell that has run to the result under it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from aralify_kernel.app.checking import MagicOverAnswer, judged, lesson_of, whose_copy
from aralify_kernel.domain.kept_answers import KeptAnswer
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import AralifyError, EmptyAnswer, NotSignedIn, UnchangedStarter
from aralify_kernel.i18n import sentence

if TYPE_CHECKING:
    from aralify_kernel.domain.exercise_cells import ExerciseCell
    from aralify_kernel.domain.session import SubmitResult
    from aralify_kernel.kernel.workbench import Workbench
    from aralify_kernel.widgets.panel import Panel
    from aralify_kernel.widgets.results import ResultScreen


def submit(cell: ExerciseCell, bench: Workbench, *, stopped: bool) -> None:
    """Judge what a cell answers and show the result; what a person can mend is shown as a sentence.

    Args:
        cell: The exercise and the learner's source.
        bench: What is open in this kernel.
        stopped: Whether the time limit interrupted the cell.
    """
    bench.last_exercise = (cell.lesson, cell.exercise)
    try:
        _submit(cell, bench, stopped=stopped)
    except (MagicOverAnswer, EmptyAnswer) as error:
        bench.say(sentence(error, bench.language))
    except UnchangedStarter as error:
        _tell_of_starter(cell, bench, error)
    except AralifyError as error:
        bench.explain(error)
    except KeyboardInterrupt:
        _ = bench.texts
        bench.say(_("Checking was stopped, and this does not count as a try. Run the cell to check again."))


def _submit(cell: ExerciseCell, bench: Workbench, *, stopped: bool) -> None:
    session = bench.session
    if session.user is None:
        raise NotSignedIn
    lesson = lesson_of(cell, session)
    if whose := whose_copy(bench.owner_of_this_copy(), session.user, bench.texts):
        bench.say(whose)
    if stopped:
        seconds = f"{bench.app.settings.cell_time_limit_sec:g}"
        _ = bench.texts
        bench.say(_("This cell was stopped because it ran longer than {seconds} seconds.", seconds=seconds))
    result = judged(session, lesson, Submission(cell.lesson, cell.exercise, cell.source, str(uuid.uuid4())))
    if isinstance(result, KeptAnswer):
        _show_kept(result, cell, bench)
    else:
        _show(result, cell, bench)
        bench.tell_of_kept_answers()


def _show(result: SubmitResult, cell: ExerciseCell, bench: Workbench) -> None:
    from aralify_kernel.widgets.results import ResultPanel

    _show_panel(ResultPanel(_result_screen(result, cell, bench)), cell, bench)


def _show_kept(kept: KeptAnswer, cell: ExerciseCell, bench: Workbench) -> None:
    from aralify_kernel.widgets.kept_answers import KeptExercise, KeptPanel, KeptScreen

    screen = KeptScreen(bench.session, kept, bench.language)
    _show_panel(KeptPanel(KeptExercise(screen, lambda result: _result_screen(result, cell, bench))), cell, bench)


def _show_panel(panel: Panel, cell: ExerciseCell, bench: Workbench) -> None:
    bench.show(panel, ("result", cell.lesson, cell.exercise))
    bench.refresh_header(say=panel.screen.as_text().partition("\n")[0])


def _result_screen(result: SubmitResult, cell: ExerciseCell, bench: Workbench) -> ResultScreen:
    from aralify_kernel.widgets.results import result_screen

    return result_screen(
        bench.session,
        result,
        bench.session.lesson(cell.lesson),
        bench.language,
        source=cell.source,
        first_line=cell.first_line,
        notebook_names=bench.names(),
    )


def _tell_of_starter(cell: ExerciseCell, bench: Workbench, error: UnchangedStarter) -> None:
    """Say it once: whoever goes through a lesson with Shift+Enter is not to be told at every exercise, every time."""
    if (cell.lesson, cell.exercise) not in bench.starters_told:
        bench.starters_told.add((cell.lesson, cell.exercise))
        bench.say(sentence(error, bench.language))
