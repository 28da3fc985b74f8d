"""Signed files made to be read in two ways, as three programs draw them: whatever `verify` calls good looks the same in
each of them before and after what was appended."""

import os
import pathlib
import random
import re
import subprocess

import pypdfium2
import pytest
from conftest import JUDGE

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
PKI = JUDGE / "signed-pki"
ID = b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>%s>>"


def contents(amount):
    text = b"BT /F1 24 Tf 60 100 Td (Amount: %s) Tj ET\n" % amount
    return b"<</Length %d>>\nstream\n%sendstream" % (len(text), text)


def page(reference):
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 150]/Resources<</Font<</F1 5 0 R>>>>"
        b"/Contents[4 0 R " + reference + b"]/Annots[6 0 R]>>"
    )


def objects(reference=b"61 0 R"):
    return [
        (1, CATALOG % b""),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, page(reference)),
        (4, contents(b"100")),
        (5, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        (6, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(sig1)/Rect[0 0 0 0]/F 132/P 3 0 R>>"),
    ]


def written(parts, before=b"", trailer=b"", rows=b"0 1\n0000000000 65535 f \n"):
    out = bytearray(before or b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    for number, text in parts:
        rows += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(out)
    out += b"xref\n%strailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        rows,
        900 if before else 300,
        ID,
        trailer,
        start,
    )
    return bytes(out)


def appended(pdf, parts, rows=b""):
    previous = re.findall(rb"startxref\n(\d+)", pdf)[-1]
    return written(parts, pdf, b"/Prev " + previous, rows)


def forged(pdf):
    """What an attacker appends: what holes, doubles and leftovers of the signed file might show."""
    store = [(180, b"<</Type/DSS>>"), (1, CATALOG % b"/DSS 180 0 R")]
    yield appended(pdf, [(60, contents(b"999999")), *store])
    for again in [match.start() for match in re.finditer(rb"(?<!\d)4 0 obj", pdf)]:
        yield appended(pdf, store, b"4 1\n%010d 00000 n \n" % again)
    yield appended(pdf, [])


def signed(base, folder):
    (folder / "base.pdf").write_bytes(base)
    command = [GONGWEN, "sign", folder / "base.pdf", "-o", folder / "signed.pdf", "--p12", PKI / "p256.p12"]
    (folder / "signed.pdf").unlink(missing_ok=True)
    ran = subprocess.run([*command, "--passphrase-file", PKI / "pass", "--quiet"], capture_output=True)
    return (folder / "signed.pdf").read_bytes() if ran.returncode == 0 else None


def is_good(pdf, folder):
    (folder / "whole.pdf").write_bytes(pdf)
    command = [GONGWEN, "verify", "--signatures-only", "--trust", PKI / "root.pem", folder / "whole.pdf"]
    return subprocess.run(command, capture_output=True).returncode == 0


def pixels(pdf):
    """The first page as PDFium draws it, if it does."""
    try:
        return bytes(pypdfium2.PdfDocument(pdf)[0].render(scale=0.5).buffer)
    except pypdfium2.PdfiumError:
        return b""


def drawn(pdf, folder):
    """The first page as PDFium, MuPDF and poppler draw it."""
    place = folder / "drawn.pdf"
    place.write_bytes(pdf)
    yield pixels(pdf)
    for command in (["mutool", "draw", "-q", "-r", "36", "-F", "pgm", "-o", "-"], ["pdftoppm", "-r", "36", "-gray"]):
        tail = ["1"] if command[0] == "mutool" else []
        yield subprocess.run([*command, place, *tail], capture_output=True).stdout


def judged(base, folder):
    """Whether anything called good shows something else to somebody; how many were good, and how many would deceive."""
    pdf = signed(base, folder)
    good = deceiving = 0
    for whole in forged(pdf) if pdf else ():
        if is_good(whole, folder):
            good += 1
            assert list(drawn(pdf, folder)) == list(drawn(whole, folder)), base
        elif pixels(pdf) != pixels(whole):
            deceiving += 1
    return good, deceiving


# White space, delimiters, signs, letters, and bytes of which programs disagree.
BYTES = [*range(0x21), *b"!#%()+-./<>[]{}AR_e\\~", 0x7F, 0x80, 0x85, 0xA0, 0xC2, 0xFE, 0xFF]


@pytest.mark.parametrize("gap", range(6))
def test_references_are_read_alike(tmp_path, gap):
    parts = [b"60", b" ", b"0", b" ", b"R", b""]
    deceiving = 0
    for byte in BYTES:
        changed = list(parts)
        changed[gap] = bytes([byte]) if parts[gap] == b" " else parts[gap] + bytes([byte])
        deceiving += judged(written(objects(b"".join(changed))), tmp_path)[1]
    assert deceiving > 0 or gap not in (1, 3), "some of them are read as references by others"


def test_the_controls_are_good(tmp_path):
    assert judged(written(objects()), tmp_path) == (3, 0)


@pytest.mark.parametrize("seed", range(8))
def test_files_with_changed_bytes_are_read_alike(tmp_path, seed):
    chance = random.Random(seed)
    second = [(4, contents(b"999999"))]
    usual = written(objects() + second * (seed % 2))
    for _ in range(int(os.environ.get("GONGWEN_FORGED", "20"))):
        base = bytearray(usual)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(9, len(base))
            match chance.randrange(4):
                case 0:
                    base[at] = chance.choice(BYTES)
                case 1:
                    base.insert(at, chance.choice(BYTES))
                case 2:
                    del base[at]
                case 3:
                    to = chance.randrange(9, len(base))
                    base[to : to + 8] = base[at : at + 8]
        judged(bytes(base), tmp_path)
