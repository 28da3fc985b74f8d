"""What a screen reader and an archive find in the PDF files, by pikepdf, pdfplumber and poppler."""

import functools
import json
import pathlib
import re
import subprocess

import pdfplumber
import pikepdf
import pytest

from conftest import JUDGE, PDFS

EMBEDDED = sorted(JUDGE.glob("embedded-*/*.pdf"))
DISCLOSURE = [
    path for path in PDFS if json.loads(path.with_suffix(".json").read_text("utf-8-sig"))["layout"].startswith("disclosure")
]


@functools.cache
def elements(path: pathlib.Path) -> list:
    """The structure elements in reading order: kind, parent's kind, the element as plain values."""
    found = []

    def visit(element, above, in_head):
        kind = str(element.S)
        attributes = {}
        given = element.get("/A", pikepdf.Array())
        for one in given if isinstance(given, pikepdf.Array) else [given]:
            for key, value in one.items():
                if key == "/Headers":
                    attributes[key] = [bytes(header) for header in value]
                elif key == "/BBox":
                    attributes[key] = [float(number) for number in value]
                else:
                    attributes[key] = str(value)
        kids = element.get("/K", pikepdf.Array())
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        objects = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"]
        found.append(
            {
                "kind": kind,
                "above": above,
                "in_head": in_head,
                "attributes": attributes,
                "id": bytes(element.ID) if "/ID" in element else None,
                "alt": str(element.get("/Alt", "")),
                "lang": str(element.get("/Lang", "")),
                "targets": [str(kid.Obj.A.URI) for kid in objects],
                "marks": sum(1 for kid in kids if not isinstance(kid, pikepdf.Dictionary) or "/MCID" in kid),
            }
        )
        for kid in kids:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                visit(kid, kind, in_head or kind == "/THead")

    with pikepdf.open(path) as file:
        visit(file.Root.StructTreeRoot.K, "", False)
    return found


@pytest.mark.parametrize("written", DISCLOSURE, ids=str)
def test_every_figure_has_its_headers(written):
    """Every data cell names headers, and each name is that of a header cell; a corner of the head is no data."""
    found = elements(written)
    names = {element["id"]: element for element in found if element["kind"] == "/TH"}
    cells = [element for element in found if element["kind"] == "/TD" and not element["in_head"]]
    assert len(cells) > 10
    for cell in cells:
        headers = cell["attributes"].get("/Headers", [])
        scopes = {names[header]["attributes"]["/Scope"] for header in headers}
        assert "/Column" in scopes, cell
    requests = [cell for cell in cells if len({names[h]["attributes"]["/Scope"] for h in cell["attributes"]["/Headers"]}) == 2]
    assert len(requests) >= 100, "figures of the table of requests have a head of their row, too"


@pytest.mark.parametrize("written", DISCLOSURE, ids=str)
def test_tables_are_whole(written):
    found = elements(written)
    assert [e["kind"] for e in found].count("/Table") >= 3
    for element in found:
        if element["kind"] == "/TH":
            assert element["attributes"]["/Scope"] in ("/Column", "/Row")
            assert element["id"]
        if element["kind"] in ("/THead", "/TBody", "/Caption"):
            assert element["above"] in ("/Table", "/Figure")


def test_figures_notes_and_lists():
    found = elements(JUDGE / "examples/every-block.pdf")
    figures = [element for element in found if element["kind"] == "/Figure"]
    assert figures
    for figure in figures:
        assert figure["alt"]
        left, bottom, right, top = figure["attributes"]["/BBox"]
        assert 0 <= left < right <= 596 and 0 <= bottom < top <= 842
    notes = [element for element in found if element["kind"] == "/Note"]
    names = [note["id"] for note in notes]
    assert notes and None not in names and len(set(names)) == len(names)
    for kind, above in [("/LI", "/L"), ("/Lbl", "/LI"), ("/LBody", "/LI"), ("/Link", "/P"), ("/Note", "/P")]:
        assert {e["above"] for e in found if e["kind"] == kind} == {above}
    assert found[1]["kind"] == "/H1"


def test_links_cover_their_words():
    pdf = JUDGE / "examples/every-block.pdf"
    report = pdf.with_suffix(".json").read_text("utf-8-sig")
    targets = [target for element in elements(pdf) for target in element["targets"]]
    assert len(targets) >= 2
    assert not any(target.startswith("tel:") for target in targets)
    with pdfplumber.open(pdf) as file:
        said = {}
        for page in file.pages:
            for link in page.annots:
                x0, x1, top, bottom = link["x0"], link["x1"], link["top"], link["bottom"]
                inside = [
                    char["text"]
                    for char in page.chars
                    if x0 - 0.5 <= char["x0"] and char["x1"] <= x1 + 0.5 and top <= (char["top"] + char["bottom"]) / 2 <= bottom
                ]
                said[link["uri"]] = said.get(link["uri"], "") + "".join(inside)
                assert link["contents"]
    assert set(said) == set(targets)
    for target, text in said.items():
        assert text == target.removeprefix("mailto:"), (target, text)
        assert text in report


def pieces(value):
    """The texts of a report's prose, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from pieces(one)


@pytest.mark.parametrize("written", [path for path in PDFS if path.parent.name == "examples"], ids=str)
def test_structure_read_out_is_the_report(written):
    """The paragraphs of the preamble and of the sections come in the report's order, each once."""
    report = json.loads(written.with_suffix(".json").read_text("utf-8-sig"))
    read = subprocess.run(["pdfinfo", "-struct-text", written], capture_output=True, check=True).stdout.decode("utf-8", "replace")
    quoted = "".join(re.findall(r'^\s*"(.*)"$', read, re.M))
    squeezed = re.sub(r"\s", "", quoted)
    sections = report.get("sections", {})
    bodies = sections.values() if isinstance(sections, dict) else (section.get("body", []) for section in sections)
    texts = [text for body in [report.get("preamble", []), *bodies] for text in pieces(body)]
    assert texts or report["layout"] == "disclosure-annual-report-2019"
    at = 0
    for text in texts:
        text = re.sub(r"\s", "", text)
        found = squeezed.find(text, at)
        assert found >= 0, text
        at = found + len(text)


@pytest.mark.parametrize("written", PDFS + EMBEDDED, ids=str)
def test_metadata_agree(written):
    with pikepdf.open(written) as file:
        info, xmp = file.docinfo, file.open_metadata()
        assert str(info["/Title"]) == xmp["dc:title"]
        assert str(info["/Author"]).split("，") == xmp["dc:creator"]
        assert str(info["/Producer"]) == xmp["pdf:Producer"] == xmp["xmp:CreatorTool"]
        assert set(xmp["dc:language"]) == {"zh-CN"} and str(file.Root.Lang) == "zh-CN"
        assert "dc:publisher" in xmp
        if "/Keywords" in info:
            assert str(info["/Keywords"]) == xmp["pdf:Keywords"]
            assert set(str(info["/Keywords"]).split("，")) == set(xmp["dc:subject"])
        else:
            assert "pdf:Keywords" not in xmp
        if "/ModDate" in info:
            year, month, day = re.match(r"D:(\d{4})(\d\d)(\d\d)000000\+08'00'", str(info["/ModDate"])).groups()
            assert xmp["xmp:ModifyDate"] == f"{year}-{month}-{day}T00:00:00+08:00"


def test_portal_fields_are_written():
    name = "{urn:gongwen:metadata:1:}"
    pdf = JUDGE / "examples/qingzhen-2023.pdf"
    report = json.loads(pdf.with_suffix(".json").read_text("utf-8-sig"))
    with pikepdf.open(pdf) as file:
        xmp = file.open_metadata()
        assert xmp[name + "date_of_issue"] == report["signature"]["date"]
        issuer = report["issuer"] if isinstance(report["issuer"], str) else "、".join(report["issuer"])
        assert xmp[name + "publisher"] == report["metadata"].get("publisher", issuer)
        for key, value in report["metadata"].items():
            if key not in ("keywords", "summary"):
                assert xmp[name + key] == value


@pytest.mark.parametrize("written", EMBEDDED, ids=str)
def test_the_report_inside_is_the_report(written, tmp_path):
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, written], check=True, capture_output=True)
    kind = written.parent.name.removeprefix("embedded-")
    given = JUDGE / kind / f"{written.stem}.json"
    assert (tmp_path / "report.json").read_bytes() == given.read_bytes()
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["generator"] == "gongwen" and manifest["layouts"] and manifest["fonts"]
    with pikepdf.open(written) as file:
        relations = {str(spec.UF): str(spec.AFRelationship) for spec in file.Root.AF}
    assert relations["report.json"] == "/Source" and relations["manifest.json"] == "/Supplement"
    assert all((tmp_path / image["file"]).exists() for image in manifest["images"])
