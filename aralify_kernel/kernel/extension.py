"""What `%load_ext aralify_kernel` does: one hook around each cell, and the magics.

Every lesson pays for what is imported here, so that everything else waits until an exercise runs or a magic is used.
"""

from __future__ import annotations

from typing import Any, Final

from aralify_kernel.kernel.cells import exercise_of
from aralify_kernel.kernel.time_limit import TimeLimit

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

    def register(self) -> None:
        """Let the shell call this extension."""
        self._ip.events.register("pre_run_cell", self.before_cell)
        self._ip.events.register("post_run_cell", self.after_cell)
        self._ip.register_magic_function(self.aralify, "line", "aralify")
        self._ip.register_magic_function(self.exercise, "cell", "exercise")

    def unregister(self) -> None:
        """Undo `register`."""
        self._time_limit.stop()
        self._ip.events.unregister("pre_run_cell", self.before_cell)
        self._ip.events.unregister("post_run_cell", self.after_cell)
        self._ip.magics_manager.magics["line"].pop("aralify", None)
        self._ip.magics_manager.magics["cell"].pop("exercise", None)

    def before_cell(self, info: Any) -> None:
        """Start the time limit, where the cell that is about to run is an exercise."""
        try:
            if exercise_of(info.raw_cell, info.cell_id, self._ip.user_ns):
                from aralify_kernel.app import application

                self._time_limit.start(application().settings.cell_time_limit_sec)
        except Exception as error:  # noqa: BLE001 - nothing of ours may keep a learner's cell from running
            self._tell_of_bug(error)

    def after_cell(self, result: Any) -> None:
        """Judge the cell that has run, however it ended, where it is an exercise."""
        self._time_limit.stop()
        try:
            cell = exercise_of(result.info.raw_cell, result.info.cell_id, self._ip.user_ns)
            if cell is not None:
                from aralify_kernel.kernel import submitting

                submitting.submit(cell, self._ip, stopped=self._time_limit.reached)
        except Exception as error:  # noqa: BLE001 - nothing of ours may break a learner's cell
            self._tell_of_bug(error)

    def aralify(self, line: str) -> None:
        """Open Aralify here. `%aralify help` lists what else it can do."""
        from aralify_kernel.kernel import magics

        try:
            magics.run(line, self._ip)
        except Exception as error:  # noqa: BLE001 - a traceback of ours tells a learner nothing
            self._tell_of_bug(error)

    def exercise(self, line: str, cell: str) -> None:
        """Run the cell as an answer: `%%exercise ID`, or `%%exercise course/level/tier#ID` outside a lesson."""
        from aralify_kernel.kernel import magics

        # Run again as a cell that names its exercise in the first line, it meets the hook as any other exercise does,
        # and the lines keep their numbers.
        first_line = magics.exercise_line_for(line, self._ip)
        if first_line is not None:
            self._ip.run_cell(f"{first_line}\n{cell}", store_history=False)

    def _tell_of_bug(self, error: Exception) -> None:
        from aralify_kernel.kernel import display

        display.bug(error, self._ip)
