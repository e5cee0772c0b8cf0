"""What `%load_ext aralify_kernel` does: one hook around each cell, and the magics.

Every lesson pays for what is imported here, so that everything else waits until an exercise runs or a magic is used.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.statements import is_sql
from aralify_kernel.i18n import sentence
from aralify_kernel.kernel.cells import answered_by, is_check, magic_here
from aralify_kernel.kernel.time_limit import TimeLimit, TimeLimitReached, without_alarm

if TYPE_CHECKING:
    from aralify_kernel.kernel.workbench import Workbench

_LOADED: Final = "_aralify_extension"


def load(ip: Any) -> None:
    """Register the hook and the magics with the shell `ip`. Loading twice changes nothing."""
    if getattr(ip, _LOADED, None) is None:
        extension = Extension(ip)
        extension.register()
        setattr(ip, _LOADED, extension)


def unload(ip: Any) -> None:
    """Take hook and magics away from the shell `ip` again."""
    extension: Extension | None = getattr(ip, _LOADED, None)
    if extension is not None:
        extension.unregister()
        delattr(ip, _LOADED)


class Extension:
    """The part of Aralify that lives in one IPython shell."""

    def __init__(self, ip: Any) -> None:
        self._ip = ip
        self._time_limit = TimeLimit()
        self._made_bench: Workbench | None = None
        self._is_judged = False
        self._usual_errors: tuple[Any, Any] | None = None
        """How the shell shows errors in every other cell, while a check runs."""

    def register(self) -> None:
        """Let the shell call this extension."""
        # A cell with `sys.exit()` is told by IPython how to exit, just above our advice not to.
        warnings.filterwarnings("ignore", "To exit: use", UserWarning)
        self._ip.events.register("pre_run_cell", self.before_cell)
        self._ip.events.register("post_run_cell", self.after_cell)
        self._ip.register_magic_function(self.aralify, "line", "aralify")
        self._ip.register_magic_function(self.exercise, "cell", "exercise")
        self._ip.register_magic_function(self.sql, "cell", "sql")
        if not self._ip.custom_exceptions:
            self._ip.set_custom_exc((TimeLimitReached,), _show_time_limit_reached)

    def unregister(self) -> None:
        """Undo `register`."""
        self._time_limit.stop()
        self._ip.events.unregister("pre_run_cell", self.before_cell)
        self._ip.events.unregister("post_run_cell", self.after_cell)
        self._ip.magics_manager.magics["line"].pop("aralify", None)
        for magic in ("exercise", "sql"):
            self._ip.magics_manager.magics["cell"].pop(magic, None)
        if self._ip.custom_exceptions == (TimeLimitReached,):
            self._ip.set_custom_exc((), None)

    def before_cell(self, info: Any) -> None:
        """Start the time limit, where the cell that is about to run is an exercise; keep tracebacks out of a check."""
        self._is_judged = False
        try:
            if answered_by(info.raw_cell, info.cell_id, self._ip.user_ns):
                if is_sql(info.raw_cell):
                    self._bench().prepare_sql()  # none of the learner's time
                seconds = self._bench().app.settings.cell_time_limit_sec
                self._time_limit.start(seconds, self._ip.user_global_ns)
            elif is_check(info.cell_id, self._ip.user_ns) and not is_sql(info.raw_cell):
                self._usual_errors = (self._ip.custom_exceptions, self._ip.CustomTB)
                self._ip.set_custom_exc((Exception,), _show_nothing)
        except Exception as error:  # noqa: BLE001 - nothing of ours may keep a learner's cell from running
            self._tell_of_bug(error)

    def after_cell(self, result: Any) -> None:
        """Judge the cell that has run, however it ended, where it is an exercise; say what a check has found."""
        self._time_limit.stop()
        try:
            if self._usual_errors is not None:
                self._ip.custom_exceptions, self._ip.CustomTB = self._usual_errors
                self._usual_errors = None
                self._tell_of_check(result)
            elif not result.info.silent:
                self._judge(result.info.raw_cell, result.info.cell_id)
        except Exception as error:  # noqa: BLE001 - nothing of ours may break a learner's cell
            self._tell_of_bug(error)

    def _judge(self, source: str, cell_id: str | None) -> None:
        cell = answered_by(source, cell_id, self._ip.user_ns)
        if cell is not None:
            from aralify_kernel.kernel.submitting import submit

            self._is_judged = True
            submit(cell, self._bench(), stopped=self._time_limit.reached)
            return
        magic = magic_here(source, cell_id, self._ip.user_ns)
        if magic and not self._is_judged:  # some magics run what stands below them as a cell, which then was judged
            from aralify_kernel.app.checking import MagicOverAnswer

            bench = self._bench()
            bench.say(sentence(MagicOverAnswer(magic=magic), bench.language))

    def aralify(self, line: str) -> None:
        """Open Aralify here. `%aralify help` lists what else it can do."""
        try:
            from aralify_kernel.kernel.magics import run

            run(line, self._bench())
        except Exception as error:  # noqa: BLE001 - a traceback of ours tells a learner nothing
            self._tell_of_bug(error)

    def exercise(self, line: str, cell: str) -> None:
        """Run the cell as an answer: `%%exercise ID`, or `%%exercise course/level/tier#ID` outside a lesson."""
        try:
            from aralify_kernel.kernel.magics import naming_its_exercise

            source = naming_its_exercise(line, cell, self._bench())
        except Exception as error:  # noqa: BLE001 - a traceback of ours tells a learner nothing
            self._tell_of_bug(error)
            return
        # Run again as a cell that names its exercise in the first line, it meets the hook as any other exercise does.
        if source is not None:
            self._ip.run_cell(source, store_history=False)

    def sql(self, _line: str, cell: str) -> None:
        """Run the cell as SQL, in the database of this notebook."""
        from aralify_kernel.errors import AralifyError
        from aralify_kernel.kernel.sql import SqlStopped, run

        try:
            run(cell, self._bench())
        except SqlStopped:
            raise
        except AralifyError as error:
            self._bench().explain(error)
        except Exception as error:  # noqa: BLE001 - a traceback of ours tells a learner nothing
            self._tell_of_bug(error)

    def _tell_of_check(self, result: Any) -> None:
        from aralify_kernel.kernel.checks import tell_failed, tell_passed

        error = result.error_in_exec
        if result.success:
            tell_passed(self._bench())
        elif isinstance(error, Exception):
            result.error_in_exec = None  # it has been told, so that "Run all cells" goes on
            tell_failed(error, result.info.raw_cell, self._bench())

    def _bench(self) -> Workbench:
        if self._made_bench is None:
            from aralify_kernel.app import application
            from aralify_kernel.kernel.workbench import Workbench

            self._made_bench = Workbench(self._ip, application())
        return self._made_bench

    def _tell_of_bug(self, error: Exception) -> None:
        from aralify_kernel.kernel.workbench import tell_of_bug

        tell_of_bug(error, self._ip)


def _show_nothing(_ip: Any, _etype: Any, _value: Any, _traceback: Any, tb_offset: int | None = None) -> None:
    """Leave what a check raised to `Extension.after_cell`."""


def _show_time_limit_reached(ip: Any, etype: Any, value: Any, traceback: Any, tb_offset: int | None = None) -> None:
    ip.showtraceback((etype, value, without_alarm(traceback)), tb_offset=tb_offset)
