"""The settings: one table of name, default and help, read once.

A value comes from the environment (`ARALIFY_WORKSPACE`), else from `aralify_config.py` in the data folder
(`c.Aralify.workspace = "…"`), else it is the default here. The class server, which a learner may choose at any start, is
also kept in a file of its own in that folder; it counts where neither of the two says anything.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aralify_kernel.errors import N_, InvalidValue, WorkspaceUnusable
from aralify_kernel.i18n import supported

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX: Final = "ARALIFY_"

ISOLATIONS: Final = ("limits", "landlock", "namespaces")
"""How well learners' code can be kept apart, from weakest to strongest."""

SIGN_UPS: Final = ("invitation", "open", "closed")
"""Who may make an account on a class server."""

NO_SERVER: Final = "none"
"""The class server of whoever wants none, wherever an empty value would let the next place be asked."""

_CHOICES: Final = {"judge_min_isolation": ISOLATIONS, "sign_up": SIGN_UPS}

HELP: Final[dict[str, str]] = {
    "home": "Folder of the local database, the sign-in and the configuration file.",
    "database_url": "Where attempts and progress are stored; empty means aralify.sqlite3 in the home folder.",
    "workspace": "Folder that holds the learners' working copies of lessons.",
    "server": "Address of a class server; empty or none means that everything stays on this machine.",
    "host": "Address on which `aralify serve` listens.",
    "port": "Port on which `aralify serve` listens.",
    "sign_up": "Who may make an account on a class server: invitation (with a code), open (everybody), or closed.",
    "guests": "1 lets people look around a class server without an account.",
    "trusted_proxies": "Addresses of reverse proxies whose word on who is asking is believed, separated by commas.",
    "tls_certificate": "File of the certificate for https, with its chain; empty is plain http.",
    "tls_key": "File of the key that belongs to the certificate.",
    "kernels": "How many dashboards everybody together may have open at once on a class server; 0: what memory allows.",
    "kernels_per_user": "How many dashboards one person may have open at once on a class server.",
    "kernel_idle_minutes": "Minutes without activity after which the kernel of a dashboard ends; 0: never.",
    "preheated_kernels": "How many kernels of each dashboard a class server keeps ready for whoever comes next.",
    "kernel_key": "By which the kernel of a dashboard is known to its class server, which sets it.",
    "language": "Language before anybody chose one: en or fil; empty asks.",
    "guest": "1 signs a guest in at start, as on Binder.",
    "progress_url": "Address of the page “My progress” beside this JupyterLab; `aralify lab` sets it.",
    "cell_time_limit_sec": "Seconds after which a running exercise cell is interrupted.",
    "judge_time_limit_sec": "Seconds of computing time one attempt may take when it is judged.",
    "judge_memory_mb": "Memory one attempt may use when it is judged, in megabytes.",
    "judge_idle_minutes": "Minutes without work after which the background grader ends; 0: every process judges itself.",
    "judge_min_isolation": "The least that learners' code must be kept apart: limits, landlock or namespaces.",
    "source_days": "Days for which the code that learners submitted is kept; 0: for ever.",
    "disk_warning_mb": "Megabytes left on a disk below which `aralify doctor` and a running server warn.",
    "hub_groups": "What the groups of a JupyterHub give, as in staff=moderator, g9=learner:grade-9, g9-staff=teacher:grade-9.",
    "hub_sign_in": "1 in a JupyterHub's single-user servers: its owner is signed in at the class server without a password.",
    "runtime": "Folder of the sockets by which this user's kernels reach the background grader.",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with every default filled in."""

    home: Path
    database_url: str
    workspace: Path
    runtime: Path
    server: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    sign_up: str = "invitation"
    guests: bool = False
    trusted_proxies: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    kernels: int = 0
    kernels_per_user: int = 4
    kernel_idle_minutes: float = 10.0
    preheated_kernels: int = 1
    kernel_key: str = ""
    language: str = ""
    guest: bool = False
    progress_url: str = ""
    cell_time_limit_sec: float = 10.0
    judge_time_limit_sec: float = 4.0
    judge_memory_mb: int = 512
    judge_idle_minutes: float = 10.0
    judge_min_isolation: str = "limits"
    source_days: int = 400
    disk_warning_mb: int = 1000
    hub_groups: str = ""
    hub_sign_in: bool = False

    @property
    def sign_in_file(self) -> Path:
        """The 0600 file by which all kernels of one Jupyter user share the sign-in. No server is shown another's."""
        if not self.server:
            return self.home / "session.json"
        return self.home / f"session-{hashlib.sha256(self.server.encode()).hexdigest()[:16]}.json"


@dataclass(frozen=True, slots=True)
class HubService:
    """What a JupyterHub tells the service that it starts."""

    name: str
    prefix: str
    host: str
    port: int
    client_id: str
    token: str = field(repr=False)
    api_url: str
    """Where the service reaches the Hub."""
    hub_url: str
    """Where browsers do."""
    callback: str


def hub_service(environ: Mapping[str, str] | None = None) -> HubService | None:
    """Return the JupyterHub whose service this process is; None when it is none, as in a single-user server.

    Args:
        environ: The environment to read; the process's own when left out.
    """
    env = os.environ if environ is None else environ
    name, token = env.get("JUPYTERHUB_SERVICE_NAME"), env.get("JUPYTERHUB_API_TOKEN")
    if not name or not token or env.get("JUPYTERHUB_USER"):
        return None
    prefix = env["JUPYTERHUB_SERVICE_PREFIX"]
    address = urlsplit(env.get("JUPYTERHUB_SERVICE_URL") or "http://127.0.0.1:8000")
    return HubService(
        name=name,
        prefix=prefix,
        host=address.hostname or "127.0.0.1",
        port=address.port or 8000,
        client_id=env.get("JUPYTERHUB_CLIENT_ID") or f"service-{name}",
        token=token,
        api_url=env["JUPYTERHUB_API_URL"].rstrip("/"),
        hub_url=f"{env.get('JUPYTERHUB_HOST', '')}{env.get('JUPYTERHUB_BASE_URL', '/')}hub",
        callback=env.get("JUPYTERHUB_OAUTH_CALLBACK_URL") or f"{prefix}oauth_callback",
    )


def hub_user(environ: Mapping[str, str] | None = None) -> tuple[str, str] | None:
    """Return whose single-user server of a JupyterHub this process runs in, with its token; None when in none.

    Args:
        environ: The environment to read; the process's own when left out.
    """
    env = os.environ if environ is None else environ
    name, token = env.get("JUPYTERHUB_USER"), env.get("JUPYTERHUB_API_TOKEN")
    return (name, token) if name and token else None


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force.

    Args:
        environ: The environment to read; the process's own when left out.

    Raises:
        InvalidValue: A setting has a value of the wrong kind.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get(f"{PREFIX}HOME") or _default_home()).expanduser().absolute()
    given: dict[str, Any] = _chosen_server(home) | _from_file(home / "aralify_config.py")
    given |= {name: env[variable] for name in HELP if env.get(variable := PREFIX + name.upper())}
    given["home"] = home
    given.setdefault("database_url", f"sqlite:///{(home / 'aralify.sqlite3').as_posix()}")
    given.setdefault("workspace", Path.home() / "aralify")
    given.setdefault("runtime", _default_runtime(env))
    return Settings(**{one.name: _convert(one.name, given[one.name]) for one in fields(Settings) if one.name in given})


def choose_server(settings: Settings, server: str) -> Settings:
    """Return the settings with another class server, and keep it for every later start.

    Args:
        settings: The settings in force.
        server: Its address; `NO_SERVER` for none.

    Raises:
        InvalidValue: This is no address.
        WorkspaceUnusable: The choice cannot be kept.
    """
    chosen = replace(settings, server=_address(server))
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        part = _server_file(settings.home).with_suffix(".part")  # half an address would be another server, or none
        part.write_text(chosen.server or NO_SERVER, encoding="utf-8")
        part.replace(_server_file(settings.home))
    except OSError as error:
        raise WorkspaceUnusable(path=str(settings.home), detail=error.strerror or str(error)) from error
    return chosen


def export(settings: Settings) -> None:
    """Let the processes started from here, as a JupyterLab's kernels are, have the same settings."""
    os.environ.update(_variables(settings))


def environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of a process that is to run with `settings`."""
    return {**os.environ, **_variables(settings)}


def inherited(names: Iterable[str]) -> dict[str, str]:
    """Return those of the environment's variables that are called `names`, for a process that is to know no others."""
    return {name: os.environ[name] for name in names if name in os.environ}


def add_jupyter_config(folder: Path) -> None:
    """Let a Jupyter server started from here also read its configuration from `folder`, before anybody else's."""
    already = os.environ.get("JUPYTER_CONFIG_PATH", "")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (str(folder), already)))


def system_language(environ: Mapping[str, str] | None = None) -> str:
    """Return the language of the system's locale (`LC_ALL`, `LC_MESSAGES`, `LANG`), English when it is another."""
    env = os.environ if environ is None else environ
    return supported(env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG"))


def _variables(settings: Settings) -> dict[str, str]:
    values = {name: getattr(settings, name) for name in HELP}
    values["server"] = settings.server or NO_SERVER
    return {
        PREFIX + name.upper(): str(int(value)) if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def _default_runtime(env: Mapping[str, str]) -> Path:
    if folder := env.get("XDG_RUNTIME_DIR"):
        return Path(folder) / "aralify"
    import tempfile

    owner = os.getuid() if hasattr(os, "getuid") else ""
    return Path(tempfile.gettempdir()) / f"aralify-{owner}"


def _default_home() -> Path:
    from platformdirs import user_data_path

    return user_data_path("aralify", appauthor=False)


def _server_file(home: Path) -> Path:
    return home / "class-server"


def _chosen_server(home: Path) -> dict[str, Any]:
    try:
        return {"server": _server_file(home).read_text(encoding="utf-8").strip()}
    except (OSError, UnicodeDecodeError):
        return {}


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    from traitlets.config.loader import PyFileConfigLoader

    try:
        values = PyFileConfigLoader(path.name, str(path.parent)).load_config()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the file is a program, and a person's own
        raise InvalidValue(
            field=str(path),
            value="",
            problem=f"{type(error).__name__}: {error}".partition("\n")[0],
            reason=N_("This configuration file has a mistake ({problem}). Correct it, or take the file away."),
        ) from None
    return {name: value for name, value in values.get("Aralify", {}).items() if name in HELP and value != ""}


def _convert(name: str, value: Any) -> Any:
    try:
        if name in {"home", "workspace", "runtime"}:
            return Path(value).expanduser().absolute()
        if name in {"guest", "guests", "hub_sign_in"}:
            return str(value).lower() in {"1", "true", "yes", "on"}
        if name.endswith("_sec"):
            return _positive(float(value))
        if name.endswith("_mb") or name in {"port", "kernels_per_user"}:
            return int(_positive(int(value)))
        if name.endswith("_minutes"):
            return _positive(float(value)) if float(value) else 0.0
        if name.endswith("_days") or name in {"preheated_kernels", "kernels"}:
            return int(_positive(int(value))) if int(value) else 0
    except (TypeError, ValueError):
        raise InvalidValue(
            field=PREFIX + name.upper(), value=value, reason=N_("“{value}” is not a number above 0.")
        ) from None
    if name == "server":
        return _address(str(value))
    choices = _CHOICES.get(name, ())
    if choices and value not in choices:
        reason = N_("“{value}” is none of {choices}.")
        raise InvalidValue(field=PREFIX + name.upper(), value=value, choices=", ".join(choices), reason=reason)
    return str(value)


def _address(value: str) -> str:
    """Return the address of a server without the slash at its end; empty for none."""
    if value == NO_SERVER:
        return ""
    if value and not _is_address(value):
        reason = N_("“{value}” is no address of a server. Give it as in https://school.example.")
        raise InvalidValue(field=f"{PREFIX}SERVER", value=value, reason=reason)
    return value.rstrip("/")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_place and parts.scheme in {"http", "https"} and not (parts.username or parts.query or parts.fragment)


def _positive(number: float) -> float:
    if not 0 < number < float("inf"):
        raise ValueError(number)
    return number
