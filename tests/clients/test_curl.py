"""``curl``, as the documentation shows it."""

import json
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.service

QUERY = "SELECT ?s { ?s a <http://e/Programme> } ORDER BY ?s"
ROWS = "s\r\nhttp://e/loan\r\nhttp://e/relay\r\nhttp://e/third\r\n"


def curl(*arguments: str, stdin: str = "") -> str:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed: run `make system`")
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "30", *arguments],
        input=stdin.encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


@pytest.mark.parametrize(
    "way",
    [
        ["--data-urlencode", f"query={QUERY}"],
        ["--get", "--data-urlencode", f"query={QUERY}"],
        ["--data-binary", QUERY, "--header", "Content-Type: application/sparql-query"],
        ["--compressed", "--data-urlencode", f"query={QUERY}"],
        ["--http1.0", "--data-urlencode", f"query={QUERY}"],
    ],
    ids=["form", "get", "raw", "compressed", "http1.0"],
)
def test_every_way_of_asking(endpoint: str, way: list[str]) -> None:
    assert curl(endpoint, "--header", "Accept: text/csv", *way) == ROWS


def test_a_query_from_standard_input(endpoint: str) -> None:
    assert curl(f"{endpoint}?format=csv", "--data-urlencode", "query@-", stdin=QUERY) == ROWS


def test_failing_on_errors(endpoint: str) -> None:
    """``--fail-with-body`` makes a script stop and say why."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        curl(endpoint, "--fail-with-body", "--data-urlencode", "query=SELECT {")
    assert caught.value.returncode == 22
    assert json.loads(caught.value.stdout)["line"] == 1


def test_no_query_is_the_description(endpoint: str) -> None:
    assert "sd:Service" in curl(endpoint)
    head = curl(endpoint, "--head", "--header", "Accept: application/ld+json")
    assert "content-type: application/ld+json" in head.lower()
