"""Clients in JavaScript: what a lock file pins, installed by ``npm ci`` on the first run.

Later runs find the packages there as long as the lock is the same.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["installed"]

_SECONDS = 280


def installed(folder: Path) -> Path:
    """Return ``node_modules`` of a folder with a lock file; the test is skipped where it cannot be had."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: run `make system`")
    modules = folder / "node_modules"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".lock-sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return modules
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--omit=optional", "--fetch-retries=1"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm ci failed: {done.stderr.strip()[-300:]}")
    stamp.write_text(wanted)
    return modules
