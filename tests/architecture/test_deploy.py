"""The sample service and proxy files, read by the real programs."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"


def program(name: str) -> str:
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin")
    if path is None:
        pytest.skip(f"{name} is not installed: run make system")
    return path


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "maillon.service").read_text(encoding="utf-8")
    # The program of the sample is not installed here: systemd would refuse the unit for that alone.
    unit = unit.replace("/opt/maillon/venv/bin/maillon", "/bin/true")
    (tmp_path / "maillon.service").write_text(unit, encoding="utf-8")
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(tmp_path / "maillon.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "maillon.service" in line]
    assert done.returncode == 0, done.stderr
    assert not ours, ours


def test_systemd_verify_would_notice_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bad.service").write_text("[Service]\nExecStart=relative/path\n", encoding="utf-8")
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(tmp_path / "bad.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_nginx_accepts_the_site(tmp_path: Path) -> None:
    nginx = program("nginx")
    key, certificate = tmp_path / "maillon.key", tmp_path / "maillon.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/ssl/certs/maillon.pem", str(certificate))
    site = site.replace("/etc/ssl/private/maillon.key", str(key))
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    main = tmp_path / "nginx.conf"
    http = f"http {{ access_log off; include {tmp_path}/site.conf; }}"
    main.write_text(
        f"pid {tmp_path}/nginx.pid;\nerror_log stderr;\nevents {{}}\n{http}\n", encoding="utf-8"
    )
    done = subprocess.run(
        [nginx, "-t", "-c", str(main)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
