"""Settings: defaults, types, and a plain sentence for what cannot be read."""

from dataclasses import fields
from pathlib import Path

import pytest

from graph_api.settings import Settings, SettingsError


def test_defaults_need_no_environment() -> None:
    assert Settings.from_env({}) == Settings()


def test_variables_are_typed_and_options_win() -> None:
    env = {
        "MAILLON_PORT": "9000",
        "MAILLON_DATA": "/srv/x",
        "MAILLON_FAST_SECONDS": "0.5",
        "PATH": "/bin",
    }
    settings = Settings.from_env(env, port=9001, host=None)
    assert settings.port == 9001
    assert settings.data == Path("/srv/x")
    assert settings.fast_seconds == 0.5
    assert settings.host == Settings().host


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAILLON_PORT", "many"),
        ("MAILLON_UNION_DEFAULT_GRAPH", "perhaps"),
        ("MAILLON_PROT", "8000"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


@pytest.mark.parametrize(("text", "value"), [("no", False), ("TRUE", True), ("0", False)])
def test_truth_values(text: str, value: bool) -> None:
    assert Settings.from_env({"MAILLON_UNION_DEFAULT_GRAPH": text}).union_default_graph is value


def test_the_base_has_no_slash_at_its_end() -> None:
    assert Settings.from_env({"MAILLON_BASE": "https://a.example/"}).base == "https://a.example"


def test_every_setting_is_documented() -> None:
    assert all(f.metadata["doc"].endswith(".") for f in fields(Settings))
