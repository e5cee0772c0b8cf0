"""`%%sql`: a cell of SQL in the Python kernel, run in a database that all such cells of the notebook share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain.exercise_cells import strip_marker
from aralify_kernel.domain.judging import LearnerError
from aralify_kernel.domain.statements import MAGIC, is_check_source
from aralify_kernel.i18n import in_language
from aralify_kernel.kernel.workbench import publish

if TYPE_CHECKING:
    from aralify_kernel.kernel.workbench import Workbench


class SqlStopped(Exception):
    """A statement was refused. IPython shows the sentence alone: the trace would be one of this package."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def run(cell: str, bench: Workbench) -> None:
    """Run what stands below `%%sql` and show its last result.

    Raises:
        SqlStopped: SQLite refused a statement, or it used up a limit.
        AralifyError: The cell, or the files its database begins with, cannot be read.
        KeyboardInterrupt: It was interrupted, by a person or by the clock.
    """
    from aralify_kernel.widgets.results_of_queries import table_bundle

    _ = bench.texts
    if is_check_source(cell):
        bench.say(_("This is checked when you run your answer."))
        return
    # The number of lines stays, so that an error names the line on the learner's screen.
    answer = strip_marker(f"{MAGIC}\n{cell}")
    head = f"\n{cell.removesuffix(answer)}"
    result = bench.database.run("\n" * head.count("\n") + answer)
    if isinstance(result, LearnerError):
        said = (in_language(result.explanation, bench.language), in_language(result.advice, bench.language))
        raise SqlStopped(" ".join(filter(None, said)))
    if result is None:
        bench.say(_("Done: there is no result to show."))
    else:
        publish(table_bundle(result, bench.language))
