"""Small PDF files for tests, written by hand: pages of positioned lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["PrintedLine", "Rule", "lay_out", "write_pdf"]

# Characters that Windows-1252 has not, as near as it has them; raised numbers are left out.
_NEAREST = str.maketrans(dict.fromkeys("●▪◦■", "•") | dict.fromkeys("⁰⁴⁵⁶⁷⁸⁹¹²³"))


@dataclass(frozen=True)
class PrintedLine:
    """A line of text at a place of its page, in points from the lower left corner."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 11
    bold: bool = False


Rule = tuple[float, float, float, float]
"""A straight line from (x, y) to (x, y)."""


def lay_out(
    lines: Sequence[str | PrintedLine], *, top: float = 760, leading: float = 14
) -> list[PrintedLine]:
    """Place lines below each other; an empty string leaves a line free."""
    placed = []
    y = top
    for line in lines:
        if isinstance(line, PrintedLine):
            placed.append(PrintedLine(line.text, line.x, y, line.size, line.bold))
        elif line:
            placed.append(PrintedLine(line, y=y))
        y -= leading
    return placed


def write_pdf(
    pages: Sequence[Sequence[PrintedLine]],
    *,
    title: str = "",
    encrypted: bool = False,
    rules: Sequence[Sequence[Rule]] = (),
) -> bytes:
    """Return a valid PDF 1.4 with these pages, in Helvetica with Windows-1252 text.

    ``rules`` are drawn, a sequence a page. ``encrypted`` adds an encryption dictionary whose password nobody knows.
    """
    fonts = (
        b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        b" /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold"
        b" /Encoding /WinAnsiEncoding >> >>"
    )
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Title " + _string(title) + b" >>",
    ]
    for number, lines in enumerate(pages):
        drawn = (
            f"{x} {y} m {x2} {y2} l S".encode() for x, y, x2, y2 in (rules[number] if rules else ())
        )
        stream = b"\n".join([*drawn, *map(_draw, lines)])
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font "
            + fonts
            + f" >> /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    extra = b""
    if encrypted:
        key = "<" + "5a" * 32 + ">"
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -44 >>".encode())
        extra = b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (len(objects), b"ab" * 16, b"ab" * 16)
    return _assemble(objects, extra)


def _assemble(objects: Sequence[bytes], extra: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R%s >>\n" % (len(objects) + 1, extra)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _draw(line: PrintedLine) -> bytes:
    font = "F2" if line.bold else "F1"
    return (
        f"BT /{font} {line.size} Tf {line.x} {line.y} Td ".encode() + _string(line.text) + b" Tj ET"
    )


def _string(text: str) -> bytes:
    raw = text.translate(_NEAREST).encode("cp1252", "replace")
    for char in (b"\\", b"(", b")"):
        raw = raw.replace(char, b"\\" + char)
    return b"(" + raw + b")"
