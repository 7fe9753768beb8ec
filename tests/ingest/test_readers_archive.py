"""Archives: what they hold, one by one, and the bombs among them."""

import io
import struct
import zipfile
import zlib

import pytest

from ingest.readers import Limits, ReadError, is_archive, read, unpack
from tests.ingest.report_files import Part, write_docx, write_epub, write_odt, write_zip

TEXT = "Un texte court.\n"


def problem(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ReadError) as raised:
        list(unpack(data, "a.zip", limits))
    assert raised.value.advice
    return raised.value.problem


def test_files_are_unpacked_one_by_one() -> None:
    files: dict[str, str | bytes] = {
        "rapports/été.txt": TEXT,
        "rapports/b.docx": write_docx([Part("paragraph", "Du texte.")]),
        "__MACOSX/rapports/._été.txt": "x",
        ".DS_Store": "x",
        "rapports/~$b.docx": "x",
        "../../etc/passwd.txt": TEXT,
        "inner.zip": write_zip({"a.txt": TEXT}),
    }
    data = write_zip(files)
    assert is_archive(data, "a.zip")
    members = list(unpack(data, "a.zip"))
    assert [m.name for m in members] == [
        "rapports/été.txt",
        "rapports/b.docx",
        "../../etc/passwd.txt",
        "inner.zip",
    ]
    assert all(m.error is None and m.data for m in members)
    assert read(members[0].data, members[0].name).text == TEXT
    assert read(members[1].data, members[1].name).name == "b.docx"
    assert read(members[2].data, members[2].name).name == "passwd.txt"
    assert is_archive(members[3].data, members[3].name)


def test_archives_in_form_only_are_documents() -> None:
    parts = [Part("paragraph", "Du texte.")]
    for write, name in ((write_docx, "a.docx"), (write_odt, "a.odt"), (write_epub, "a.epub")):
        assert not is_archive(write(parts), name)
        assert not is_archive(write(parts), "a.zip")
        assert read(write(parts), "a.zip").text == "Du texte."
    assert not is_archive(b"text", "a.zip")
    assert not is_archive(b"text", "a.txt")


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_documents_inside_do_not_make_an_archive_a_document(packing: int) -> None:
    parts = [Part("paragraph", "Du texte.")]
    for name, content in (
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 2_000),
        ("a.docx", write_docx(parts)),
        ("a.odt", write_odt(parts)),
        ("a.epub", write_epub(parts)),
        ("a.html", b"<!DOCTYPE html><p>Du texte."),
    ):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", packing) as archive:
            archive.writestr(name, content)
        assert is_archive(file.getvalue(), "a.zip"), name


def test_going_on_where_another_stopped() -> None:
    data = write_zip({"a.txt": TEXT, ".hidden": "x", "b.txt": TEXT, "c.txt": TEXT})
    assert [m.name for m in unpack(data, "a.zip", start=1)] == ["b.txt", "c.txt"]
    assert list(unpack(data, "a.zip", start=3)) == []


def test_an_archive_is_no_document() -> None:
    with pytest.raises(ReadError) as raised:
        read(write_zip({"a.txt": TEXT}), "a.zip")
    assert raised.value.problem == "archive"


def test_a_broken_member_does_not_stop_the_others() -> None:
    data = bytearray(write_zip({"a.txt": TEXT, "b.txt": TEXT * 9, "c.txt": TEXT}))
    place = data.index(b"b.txt") + len(b"b.txt") + 2
    data[place : place + 4] = b"\xff\xff\xff\xff"
    members = list(unpack(bytes(data), "a.zip"))
    assert [m.error.problem if m.error else "" for m in members] == ["", "damaged", ""]


def test_a_member_with_a_password_is_reported() -> None:
    data = bytearray(write_zip({"a.txt": TEXT, "b.txt": TEXT}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    members = list(unpack(bytes(data), "a.zip"))
    assert members[0].error is not None
    assert members[0].error.problem == "encrypted"
    assert members[1].data.decode() == TEXT


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    assert problem(write_zip({"a.txt": TEXT, "b.txt": b"\0" * 20_000_000})) == "hostile"
    many = write_zip({f"{n}.txt": "x" for n in range(60)})
    assert problem(many, Limits(members=50)) == "too-large"
    assert (
        problem(write_zip({"a": bytes(range(256)) * 9}), Limits(unpacked_bytes=2_000))
        == "too-large"
    )
    data = write_zip({"a": "", "word/document.xml": b"<a>" + b" " * 20_000_000 + b"</a>"})
    with pytest.raises(ReadError) as raised:
        read(data, "a.docx")
    assert raised.value.problem == "hostile"


def test_large_members_are_refused_alone() -> None:
    data = write_zip({"a.txt": TEXT, "b.txt": TEXT * 100})
    members = list(unpack(data, "a.zip", Limits(file_bytes=500)))
    assert [m.error.problem if m.error else "" for m in members] == ["", "too-large"]


def test_a_member_never_unpacks_to_more_than_it_says() -> None:
    """A bomb that declares a small size: the bytes beyond it are not even unpacked."""
    packed = zlib.compress(b"\0" * 50_000_000, 9)[2:-4]
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 100, 1, 0)
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed), 100, 1, 0, 0, 0, 0, 0, 0
    )
    start = len(local) + 1 + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + 1, start, 0)
    data = local + b"a" + packed + central + b"a" + end
    members = list(unpack(data, "a.zip"))
    assert members[0].error is not None
    assert members[0].error.problem == "damaged"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (write_zip({"a.txt": TEXT})[:-30], "truncated"),
        (b"PK\x03\x04", "truncated"),
        (b"PK\x05\x06" + bytes(18), "empty"),
        (write_zip({".hidden": TEXT}), "empty"),
        (b"PK\x03\x04" + b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18), "unsupported"),
        (
            b"PK\x03\x04" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 1 << 30, 4, 0),
            "too-large",
        ),
        (b"PK\x03\x04" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 60, 0, 0), "damaged"),
    ],
    # The bytes hold the time of day: as names they would differ between the processes of one run.
    ids=("cut", "a start alone", "nothing in it", "hidden", "zip64", "beyond", "no directory"),
)
def test_bad_archives_are_refused(data: bytes, expected: str) -> None:
    assert problem(data) == expected


def test_folders_are_no_members() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
        archive.writestr("folder/a.txt", TEXT)
    assert [m.name for m in unpack(out.getvalue(), "a.zip")] == ["folder/a.txt"]
