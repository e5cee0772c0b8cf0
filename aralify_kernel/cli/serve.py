"""`aralify serve`: the class server."""

from __future__ import annotations

import dataclasses

import click

from aralify_kernel.app import Application
from aralify_kernel.domain.arrivals import rules
from aralify_kernel.settings import hub_service, load


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on; 127.0.0.1 when left out.")
@click.option("--port", type=int, metavar="N", help="Port to listen on; 8000 when left out.")
@click.option("--database-url", metavar="URL", help="The database; the setting's when left out.")
def serve(host: str | None, port: int | None, database_url: str | None) -> int:
    """Serve a class: sign-in, the REST interface, and everybody's own dashboards."""
    from aralify_kernel.server.application import serve as serve_until_stopped

    settings, service = load(), hub_service()
    if service:  # the Hub says where to listen, and lets people in
        settings = dataclasses.replace(settings, host=service.host, port=service.port, sign_up="closed", guests=False)
        rules(settings.hub_groups)  # a mistake is told before anybody comes
    application = Application(
        dataclasses.replace(
            settings,
            host=host or settings.host,
            port=port or settings.port,
            database_url=database_url or settings.database_url,
            judge_min_isolation=settings.judge_min_isolation.replace("limits", "landlock"),
            judge_idle_minutes=0.0,  # this process judges by itself: nobody else's processes are asked
        )
    )
    application.require_isolation()
    try:
        application.all_courses()  # a database that cannot be used is told before anybody is let in
        serve_until_stopped(application, service)
    finally:
        application.close()
    return 0
