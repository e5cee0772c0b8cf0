"""Settings: from the environment, else from the configuration file, else the default."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.errors import InvalidValue
from aralify_kernel.i18n import sentence
from aralify_kernel.settings import (
    HELP,
    ISOLATIONS,
    NO_SERVER,
    PREFIX,
    Settings,
    choose_server,
    environment,
    export,
    hub_service,
    hub_user,
    load,
    system_language,
)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def read(home):
    """Load the settings of `home` with more of the environment."""
    return lambda **environ: load({"ARALIFY_HOME": str(home), **environ})


def configure(home, text):
    home.mkdir(exist_ok=True)
    (home / "aralify_config.py").write_text(text, encoding="utf-8")


def test_every_setting_has_a_help_text_and_nothing_else_has():
    assert set(HELP) == {field.name for field in fields(Settings)}
    assert all(text.endswith(".") for text in HELP.values())


def test_nothing_has_to_be_configured(read, home):
    settings = read()
    assert settings.home == home
    assert settings.database_url == f"sqlite:///{home.as_posix()}/aralify.sqlite3"
    assert settings.workspace == Path.home() / "aralify"
    assert settings.sign_in_file == home / "session.json"
    assert (settings.server, settings.language, settings.guest) == ("", "", False)
    assert settings.cell_time_limit_sec == 10.0


def test_a_chosen_class_server_is_kept_until_another_or_none_is_chosen(read):
    assert choose_server(read(), "https://school.example/").server == "https://school.example"
    assert read().server == "https://school.example"
    assert choose_server(read(), NO_SERVER).server == ""
    assert read().server == ""


def test_what_is_configured_goes_before_the_server_chosen_once_and_none_goes_before_that(read, home):
    configure(home, 'c.Aralify.server = "https://configured.example"')
    choose_server(read(), "https://chosen.example")
    assert read().server == "https://configured.example"
    chosen = choose_server(read(), NO_SERVER)
    assert load(environment(chosen)).server == "", "what is started from here is without a server, too"


def test_what_is_no_address_is_not_chosen(read, home):
    with pytest.raises(InvalidValue, match="school"):
        choose_server(read(), "school")
    assert not home.exists()


def test_without_a_home_folder_the_systems_place_for_data_is_used():
    assert load({}).home.is_absolute()
    assert load({}).home.name == "aralify"


def test_reading_the_settings_makes_no_folder(read, home):
    read()
    assert not home.exists()


def test_the_environment_decides(read, tmp_path):
    settings = read(
        ARALIFY_WORKSPACE=str(tmp_path / "work"),
        ARALIFY_DATABASE_URL="sqlite:///x",
        ARALIFY_CELL_TIME_LIMIT_SEC="2.5",
        ARALIFY_JUDGE_MEMORY_MB="64",
        ARALIFY_GUEST="1",
    )
    assert settings.workspace == tmp_path / "work"
    assert (settings.database_url, settings.cell_time_limit_sec, settings.judge_memory_mb) == ("sqlite:///x", 2.5, 64)
    assert settings.guest is True


def test_the_file_comes_before_the_default_and_after_the_environment(read, home):
    configure(home, 'c.Aralify.language = "fil"\nc.Aralify.cell_time_limit_sec = 3\n')
    assert (read().language, read().cell_time_limit_sec) == ("fil", 3.0)
    assert read(ARALIFY_LANGUAGE="en").language == "en"


def test_an_empty_value_means_the_default(read, home):
    configure(home, 'c.Aralify.database_url = ""\n')
    assert read().database_url.endswith("aralify.sqlite3")
    assert read(ARALIFY_CELL_TIME_LIMIT_SEC="").cell_time_limit_sec == 10.0


def test_a_name_that_is_no_setting_is_left_alone(read, home):
    configure(home, 'c.Aralify.languages = "fil"\nc.Other.language = "fil"\n')
    assert read(ARALIFY_SPEED="11").language == ""


def test_a_tilde_is_the_home_of_whoever_runs_it(read):
    assert read(ARALIFY_WORKSPACE="~/lessons").workspace == Path.home() / "lessons"


@pytest.mark.parametrize("variable", [f"{PREFIX}{name.upper()}" for name in HELP if name.endswith(("_sec", "_mb"))])
@pytest.mark.parametrize("value", ["much", "0", "-1", "nan", "inf"])
def test_a_number_that_is_none_is_told_in_one_sentence(read, variable, value):
    with pytest.raises(InvalidValue) as caught:
        read(**{variable: value})
    assert str(caught.value) == f"{variable}: “{value}” is not a number above 0."
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("value", "minutes"), [("", 10.0), ("0", 0.0), ("0.5", 0.5)])
def test_minutes_can_be_none(read, value, minutes):
    assert read(ARALIFY_JUDGE_IDLE_MINUTES=value).judge_idle_minutes == minutes


@pytest.mark.parametrize("value", ["-1", "nan", "soon"])
def test_minutes_that_are_none_are_told(read, value):
    with pytest.raises(InvalidValue, match="ARALIFY_JUDGE_IDLE_MINUTES"):
        read(ARALIFY_JUDGE_IDLE_MINUTES=value)


def test_an_isolation_that_does_not_exist_is_told_with_those_that_do(read):
    assert read(ARALIFY_JUDGE_MIN_ISOLATION="namespaces").judge_min_isolation == "namespaces"
    with pytest.raises(InvalidValue) as caught:
        read(ARALIFY_JUDGE_MIN_ISOLATION="docker")
    assert str(caught.value) == "ARALIFY_JUDGE_MIN_ISOLATION: “docker” is none of limits, landlock, namespaces."
    assert sorted(ISOLATIONS) == sorted(isolation.value for isolation in Isolation)


def test_sockets_are_in_the_users_runtime_folder_or_beside_the_temporary_files(read, tmp_path):
    assert read(XDG_RUNTIME_DIR=str(tmp_path)).runtime == tmp_path / "aralify"
    assert read().runtime.name.startswith("aralify-")
    assert read(ARALIFY_RUNTIME=str(tmp_path / "r"), XDG_RUNTIME_DIR="/x").runtime == tmp_path / "r"


def test_a_process_that_is_started_gets_the_settings_and_the_rest_of_the_environment(read, monkeypatch):
    monkeypatch.setenv("ELSE", "kept")
    settings = read(ARALIFY_GUEST="1", ARALIFY_JUDGE_IDLE_MINUTES="0.5")
    given = environment(settings)
    assert load(given) == settings
    assert given["ELSE"] == "kept"


@pytest.mark.parametrize(
    "text", ["c.Aralify.language = ", "c.Aralify.language = fil", "import nowhere", "raise SystemExit"]
)
def test_a_configuration_file_with_a_mistake_is_told_in_one_sentence(read, home, text):
    configure(home, text)
    with pytest.raises(InvalidValue) as caught:
        read()
    for language in ("en", "fil"):
        told = sentence(caught.value, language)
        assert str(home / "aralify_config.py") in told
        assert "\n" not in told


def test_what_is_started_from_here_has_the_same_settings(read, tmp_path, monkeypatch):
    for name in HELP:
        monkeypatch.setenv(PREFIX + name.upper(), "")
    settings = read(ARALIFY_GUEST="yes", ARALIFY_LANGUAGE="fil", ARALIFY_WORKSPACE=str(tmp_path / "ñ w"))
    export(settings)
    assert load() == settings


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "fil_PH.UTF-8"}, "fil"),
        ({"LANG": "tl_PH"}, "fil"),
        ({"LANG": "en_PH.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "fil_PH", "LANG": "en_US"}, "fil"),
        ({"LC_MESSAGES": "fil_PH", "LANG": "en_US"}, "fil"),
    ],
)
def test_the_language_of_the_system_is_the_first_guess(environ, language):
    assert system_language(environ) == language


HUB = {
    "JUPYTERHUB_SERVICE_NAME": "aralify",
    "JUPYTERHUB_API_TOKEN": "a-secret",
    "JUPYTERHUB_SERVICE_PREFIX": "/services/aralify/",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:10101",
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api",
}


def test_a_service_of_a_hub_knows_its_hub_and_tells_nobody_its_token():
    service = hub_service(HUB)
    assert (service.host, service.port, service.prefix) == ("127.0.0.1", 10101, "/services/aralify/")
    assert (service.client_id, service.hub_url) == ("service-aralify", "/hub")
    assert service.callback == "/services/aralify/oauth_callback"
    assert "a-secret" not in repr(service)


def test_a_single_user_server_is_no_service_and_has_an_owner():
    own = HUB | {"JUPYTERHUB_USER": "ana"}
    assert hub_service(own) is None
    assert hub_user(own) == ("ana", "a-secret")
    assert hub_user({}) is None
    assert hub_service({}) is None
