"""Footnotes: a mark and its note on one page, in the structure and as links; as Word's own in the Word file; both alike."""

import functools
import json
import re
import subprocess
import zipfile

import docx
import parity
import pdfplumber
import pikepdf
import pytest
from conftest import GONGWEN, JUDGE
from lxml import etree

NAMES = [JUDGE / "notes" / "notes", JUDGE / "notes" / "many"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKS = [chr(0x2460 + number) for number in range(20)]


def mark(index):
    """As Word counts: circled up to twenty, bare numbers beyond."""
    return MARKS[index] if index < len(MARKS) else str(index + 1)


@pytest.fixture(params=NAMES, ids=lambda name: name.name)
def name(request):
    return request.param


def notes(value):
    """The notes of a report or a part of it, in order."""
    if isinstance(value, dict):
        if "note" in value:
            yield value["note"]
        for key in value:
            yield from notes(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from notes(item)


@functools.cache
def written(name):
    report = json.loads(name.with_suffix(".json").read_text(encoding="utf-8"))
    return list(notes(report["preamble"]))


@functools.cache
def pages(name):
    """The lines of every page as it is read: text and the greatest size of its glyphs."""
    found = []
    with pdfplumber.open(name.with_suffix(".pdf")) as pdf:
        for page in pdf.pages:
            lines = {}
            for char in page.chars:
                upright = char["upright"]
                along, across = (char["x0"], char["matrix"][5]) if upright else (char["matrix"][5], -char["matrix"][4])
                lines.setdefault(round(across), []).append((along, char))
            texts = []
            for across, chars in sorted(lines.items(), reverse=True):
                chars.sort(key=lambda pair: pair[0])
                texts.append((across, "".join(char["text"] for _, char in chars), max(char["size"] for _, char in chars)))
            found.append(texts)
    return found


def test_one_document_has_more_notes_than_there_are_circled_numbers():
    assert max(len(written(name)) for name in NAMES) > len(MARKS) >= min(len(written(name)) for name in NAMES)


def elements(node):
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def marked(pdf, node):
    """The marked content and the annotations of an element, in order: (page, MCID or annotation)."""
    numbers = {page.objgen: at for at, page in enumerate(pdf.pages)}

    def walk(node, page):
        page = node.get("/Pg", page)
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if not isinstance(kid, pikepdf.Dictionary):
                yield numbers[page.objgen], int(kid)
            elif kid.get("/Type") == "/OBJR":
                yield numbers[kid.get("/Pg", page).objgen], kid["/Obj"]
            elif kid.get("/Type") == "/MCR":
                yield numbers[kid.get("/Pg", page).objgen], int(kid["/MCID"])
            else:
                yield from walk(kid, page)

    return list(walk(node, None))


@functools.cache
def structure(name):
    """References and notes in reading order: kind, first page, link, number of its kids."""
    found = []
    with pikepdf.open(name.with_suffix(".pdf")) as pdf:
        numbers = {page.objgen: at for at, page in enumerate(pdf.pages)}
        for element in elements(pdf.Root.StructTreeRoot.K):
            kind = str(element["/S"])
            if kind not in ("/Reference", "/Note"):
                continue
            content = marked(pdf, element)
            # Addresses in a note are links, too.
            links = [item for _, item in content if isinstance(item, pikepdf.Dictionary) and "/Dest" in item]
            found.append(
                {
                    "kind": kind,
                    "pages": [page for page, _ in content],
                    "id": str(element.get("/ID", "")),
                    "to": [numbers[link["/Dest"][0].objgen] for link in links],
                    "contents": [str(link["/Contents"]) for link in links],
                    "parents": ["/StructParent" in link for link in links],
                    "tags": [str(kid["/S"]) for kid in elements(element)],
                }
            )
    return found


def test_a_note_is_on_the_page_of_its_mark_and_behind_it(name):
    references = [own for own in structure(name) if own["kind"] == "/Reference"]
    notes = [own for own in structure(name) if own["kind"] == "/Note"]
    assert len(references) == len(notes) == len(written(name))
    for reference, note in zip(references, notes, strict=True):
        assert reference["pages"][0] == note["pages"][0]
    # In reading order a note comes after its mark, and before the marks of the blocks below.
    seen = 0
    for own in structure(name):
        seen += 1 if own["kind"] == "/Reference" else 0
        if own["kind"] == "/Note":
            assert notes.index(own) < seen


def test_notes_have_identifiers_and_links_both_ways(name):
    ids = [own["id"] for own in structure(name) if own["kind"] == "/Note"]
    assert all(ids) and len(set(ids)) == len(ids)
    for own in structure(name):
        assert own["to"] == [own["pages"][0]], own
        assert all(own["parents"]) and all(own["contents"])
        expected = ["/Reference", "/Link"] if own["kind"] == "/Reference" else ["/Note", "/Lbl", "/Link"]
        assert own["tags"][: len(expected)] == expected, own


def test_notes_stand_at_the_foot_below_all_text(name):
    for lines in pages(name):
        text = [(across, size) for across, _, size in lines if size > 11]
        notes = [across for across, text_, size in lines if 8 < size < 11 and re.match(r"\s*(\S+) ", text_)]
        numbered = [line for line in lines if re.match(r"^[①-⑳] |^2\d ", line[1].strip())]
        if not numbered:
            continue
        # But for the page number and the 版记, whose type is larger.
        above = [across for across, size in text if abs(size - 16) < 0.5]
        assert min(above) > max(across for across, _, _ in numbered), notes


def test_a_note_without_room_goes_on_on_the_next_page(name):
    long = [own for own in structure(name) if own["kind"] == "/Note" and len(set(own["pages"])) > 1]
    assert len(long) == 1
    first, *_, last = sorted(set(long[0]["pages"]))
    assert list(range(first, last + 1)) == sorted(set(long[0]["pages"]))


def test_every_note_is_on_the_pages_once_and_whole(name):
    with pdfplumber.open(name.with_suffix(".pdf")) as pdf:
        solid = "".join("".join(char["text"] for char in page.chars) for page in pdf.pages)
    solid = "".join(solid.split())
    for index, text in enumerate(written(name)):
        if len(text) < 500:
            assert solid.count(mark(index) + "".join(text.split())) == 1, text


@functools.cache
def parts(name):
    with zipfile.ZipFile(name.with_suffix(".docx")) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_word_has_footnotes_of_its_own(name):
    root = etree.fromstring(parts(name)["word/footnotes.xml"])
    notes = [note for note in root if note.get(f"{W}type") is None]
    texts = ["".join(note.itertext(f"{W}t")).strip() for note in notes]
    assert texts == [text.strip() for text in written(name)]
    assert all(len(note.findall(f".//{W}footnoteRef")) == 1 for note in notes)
    assert [note.get(f"{W}type") for note in root if note.get(f"{W}type")] == ["separator", "continuationSeparator"]
    body = docx.Document(str(name.with_suffix(".docx"))).element.body
    references = [own.get(f"{W}id") for own in body.iter(f"{W}footnoteReference")]
    assert references == [note.get(f"{W}id") for note in notes]


def test_word_counts_as_the_pages_do(name):
    for part in ("word/settings.xml", "word/document.xml"):
        for own in etree.fromstring(parts(name)[part]).iter(f"{W}footnotePr"):
            assert own.find(f"{W}numFmt").get(f"{W}val") == "decimalEnclosedCircleChinese"
    sections = list(etree.fromstring(parts(name)["word/document.xml"]).iter(f"{W}sectPr"))
    assert len(sections) > 1 and all(section.find(f"{W}footnotePr") is not None for section in sections)
    styles = {style.name for style in docx.Document(str(name.with_suffix(".docx"))).styles}
    assert {"footnote text", "footnote reference"} <= {name.lower() for name in styles}


def test_links_of_notes_lead_out_of_their_part(name):
    relations = etree.fromstring(parts(name)["word/_rels/footnotes.xml.rels"])
    targets = {own.get("Id"): own.get("Target") for own in relations}
    root = etree.fromstring(parts(name)["word/footnotes.xml"])
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    used = [link.get(key) for link in root.iter(f"{W}hyperlink")]
    assert used and [targets[own] for own in used] == re.findall(r"https://[\w./]+", " ".join(written(name)))


def test_notes_come_back_from_a_file_that_libreoffice_saved(name, tmp_path):
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    convert = ["soffice", home, "--headless", "--convert-to", "docx", "--outdir", tmp_path, name.with_suffix(".docx")]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    saved = tmp_path / f"{name.name}.docx"
    done = subprocess.run([GONGWEN, "import", saved, "-o", tmp_path / "back.json"], capture_output=True, text=True)
    assert done.returncode == 0 and "脚注" not in done.stderr, done.stderr
    back = json.loads((tmp_path / "back.json").read_text(encoding="utf-8"))
    assert list(notes(back)) == written(name)


def test_documents_without_notes_have_no_part_of_them():
    with zipfile.ZipFile(JUDGE / "examples" / "notice.docx") as archive:
        assert "word/footnotes.xml" not in archive.namelist()
        assert b"footnote" not in archive.read("word/settings.xml")


@pytest.mark.parametrize("which", ["notes/notes", "examples/plan"])
def test_word_breaks_as_the_pages_do(which):
    path = JUDGE / f"{which}.pdf"
    found = parity.compare(path.stem, path, JUDGE / "libreoffice" / path.name)
    assert not found.failures, "\n".join([*found.failures, *map(str, found.differences)])
