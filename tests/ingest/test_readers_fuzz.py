"""Files broken at random: read or refused with a reason, never anything else."""

import random
import zipfile
from io import BytesIO

import pytest

from ingest.readers import ReadError, is_archive, unpack
from tests.ingest.report_files import WRITERS, write_zip
from tests.ingest.test_readers import read_or_refuse
from tests.ingest.test_readers_formats import STUDY

SUBJECTS = {f"a.{kind}": write(STUDY[:20], "Étude") for kind, write in WRITERS.items()}
SUBJECTS["a.zip"] = write_zip({"a.txt": b"Un texte. " * 40, "b.docx": SUBJECTS["a.docx"]})
PACKED = ("a.docx", "a.odt", "a.epub")
ROUNDS = 100


def break_bytes(data: bytes, chance: random.Random) -> bytes:
    """Change, remove, double or cut some of the bytes."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if not broken:
            break
        place = chance.randrange(len(broken))
        size = chance.choice((1, 1, 4, 40, 400))
        match chance.randrange(5):
            case 0:
                broken[place] = chance.randrange(256)
            case 1:
                del broken[place : place + size]
            case 2:
                broken[place:place] = broken[place : place + size] * chance.randint(1, 50)
            case 3:
                broken[place : place + size] = chance.choice(
                    (b"<", b">", b"&#0;", b"]]>", b"\xff\xfe")
                )
            case _:
                if chance.random() < 0.1:
                    del broken[place:]
    return bytes(broken)


def break_member(data: bytes, chance: random.Random) -> bytes:
    """Break one part of an archive, and pack it soundly again."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts = [name for name in files if name.endswith((".xml", ".xhtml", ".opf", ".rels"))]
    victim = chance.choice(parts)
    files[victim] = break_bytes(bytes(files[victim]), chance)  # type: ignore[arg-type] # all are bytes
    return write_zip(files)


@pytest.mark.slow
@pytest.mark.soak
def test_broken_files_are_read_or_refused(soak: int) -> None:
    chance = random.Random(4)  # noqa: S311 - the same files in every run
    for number in range(ROUNDS * soak):
        name = list(SUBJECTS)[number % len(SUBJECTS)]
        inside = name in PACKED and chance.random() < 0.7
        broken = (break_member if inside else break_bytes)(SUBJECTS[name], chance)
        if is_archive(broken, name):
            read_members(broken, name)
        else:
            read_or_refuse(broken, name)


def read_members(data: bytes, name: str) -> None:
    try:
        members = list(unpack(data, name))
    except ReadError:
        members = []
    for member in members:
        if member.error is None:
            read_or_refuse(member.data, member.name)
