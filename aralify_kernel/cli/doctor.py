"""`aralify doctor`: whether this installation is sound, and what to do where it is not."""

from __future__ import annotations

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, language, print_json, print_table, texts
from aralify_kernel.errors import N_
from aralify_kernel.i18n import sentence
from aralify_kernel.services.doctor import State, worst

_SHOWN = {State.OK: N_("ok"), State.WARNING: N_("warning"), State.FAILS: N_("fails")}


@click.command()
@as_json
def doctor(*, json_wanted: bool) -> int:
    """Look at isolation, database, disks, backup, certificate, versions, secrets and clock.

    The exit status is 1 when something fails, and 0 when there are warnings only.
    """
    found = application().examine()  # before anything else opens the database, and brings it up to date
    spoken, _ = language(), texts()
    state = worst(found)
    lines = [(check, finding, finding.render(_, lambda error: sentence(error, spoken))) for check, finding in found]
    if json_wanted:
        checks = [
            {"check": check.name, "state": finding.state.value, "message": told, "details": dict(finding.details)}
            for check, finding, told in lines
        ]
        print_json({"state": state.value, "checks": checks})
    else:
        rows = [[_(check.title), _(_SHOWN[finding.state]), told] for check, finding, told in lines]
        print_table([_("What was checked"), _("State"), _("What is so, and what to do")], rows)
    return int(state is State.FAILS)
