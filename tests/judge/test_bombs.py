"""Small files that used to take minutes or gigabytes: each gets a clear answer within 10 s and 512 MiB.

The machine is the judge: the command runs by itself, and its CPU time and memory are those that the kernel counted. The
build of the tests is not optimised, and is given two and a half times as long.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import time
import zipfile
import zlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
MOST_SECONDS, MOST_MIB = 25, 512
REPORT = {"format": 1, "layout": "general-document", "title": "题", "issuer": "甲局"}


# A process begins with the memory of the one that started it, and that counts: a small one starts the command.
SMALL = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (40, 40))
_, status, used = os.wait4(os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ), 0)
seconds = used.ru_utime + used.ru_stime
open(sys.argv[1], "w").write(f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss / 1024} {seconds}")
"""


def run(folder, *arguments):
    """The exit code and all output of the command, whose time and memory are within the budget."""
    with (folder / "output").open("wb") as out:
        subprocess.run(
            [sys.executable, "-S", "-c", SMALL, folder / "used", GONGWEN, *arguments, "--lang", "en"],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=True,
        )
    code, mib, seconds = (float(text) for text in (folder / "used").read_text().split())
    text = (folder / "output").read_text(errors="replace")
    assert code in (0, 1, 2, 3), (code, text[-300:])
    assert seconds <= MOST_SECONDS and mib <= MOST_MIB, (arguments, seconds, mib)
    assert len(text) < 1 << 20, "the answer is no bomb itself"
    return int(code), text


REPORTS = {
    "unknown keys": {f"key{at}": 1 for at in range(40_000)},
    "paragraphs": {"preamble": ["甲"] * 1_000_000},
    "values": {"preamble": [[]] * 2_000_000},
    "paragraph of 30 MB": {"preamble": ["甲" * 10_000_000]},
    "references": {"year": 2023, "preamble": ["{{year}}" * 200_000]},
    "unknown references": {"preamble": ["{{yeer}}"] * 19_000},
    "control characters": {"preamble": ["甲\u0001"] * 49_000},
    "control characters of one text": {"preamble": ["甲\u0001" * 100_000]},
    "invisible characters": {"preamble": ["甲\u200b乙"] * 49_000},
    "long key": {"k" * 10_000_000: 1},
    "long title": {"title": "甲" * 400_000},
    "wide cells of a table with sums": {
        "preamble": [{"table": {"rows": [[{"text": "1", "columns": 10_000}] * 15_000], "sums": [{"total": "a", "of": ["b"]}]}}]
    },
    "sums of many rows": {
        "preamble": [
            {
                "table": {
                    "rows": [[f"项{at}", at] for at in range(3_000)],
                    "sums": [{"total": "项0", "of": [f"项{at}" for at in range(3_000)]}] * 50,
                }
            }
        ]
    },
    "issuers": {"layout": "disclosure-annual-report-2021", "year": 2023, "issuer": [f"局{at}" for at in range(60_000)]},
    "issuers and attachments": {
        "issuer": [f"局{at}" for at in range(10_000)],
        "attachments": [{"title": f"关于印发样例市财政局应急预案的通知和补充说明{at}", "body": ["正文。"]} for at in range(2_000)],
    },
    "spans": {"preamble": [[{"text": f"局{at}", "strong": True} for at in range(20_000)]]},
    "addresses": {"preamble": ["".join(f"见http://a.cn/{at} 和 a{at}@b.cn。" for at in range(10_000))]},
    "dots": {"preamble": ["a." * 100_000, "http://a.cn/" + ")" * 100_000]},
    "English": {"preamble": ["".join(f"甲Hello world this is{at}，" for at in range(10_000))]},
    "title of numerals": {"title": "一" * 100_000},
    "silences": {"silence": [{"rule": "a.b", "place": "/x", "reason": "因为"}] * 30_000},
}


@pytest.mark.parametrize("name", REPORTS)
def test_reports(tmp_path, name):
    (tmp_path / "r.json").write_text(json.dumps({**REPORT, **REPORTS[name]}, ensure_ascii=False))
    code, text = run(tmp_path, "check", "r.json")
    assert code in (0, 1) and "r.json" in text


def test_repeated_keys(tmp_path):
    members = ",".join(f'"k{at % 100}":1' for at in range(200_000))
    (tmp_path / "r.json").write_text('{"format":1,' + members + "}")
    assert "199800 more of this kind" in run(tmp_path, "check", "r.json")[1]


HEAD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
# What comes first, what is repeated and how often, what comes last.
BODIES = {
    "elements": (b"", b"<w:p/>", 20_000_000, b""),
    "paragraphs": (b"", b"<w:p><w:r><w:t>a</w:t></w:r></w:p>", 3_000_000, b""),
    "text": (b"<w:p><w:r><w:t>", b"a", 120_000_000, b"</w:t></w:r></w:p>"),
    "texts": (b"<w:p><w:r><w:t>", b"a&amp;", 20_000_000, b"</w:t></w:r></w:p>"),
    "attributes": (b"<w:p ", b'a="1" ', 20_000_000, b"/>"),
    "gigabyte": (b"", b"<w:p/>", 160_000_000, b""),
}


@pytest.mark.parametrize("name", BODIES)
def test_word_files(tmp_path, name):
    before, unit, count, after = BODIES[name]
    with zipfile.ZipFile(tmp_path / "b.docx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(HEAD + before)
            for _ in range(count // 100_000):
                part.write(unit * 100_000)
            part.write(after + b"</w:body></w:document>")
    assert run(tmp_path, "import", "b.docx", "--layout", "general-document")[0] in (1, 2)
    assert run(tmp_path, "extract", "b.docx")[0] in (1, 2)


def png(width, height):
    """Transparent pixels of 16 bits a channel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows, packer = bytes(1 + width * 8), zlib.compressobj(1)
    data = b"".join([packer.compress(rows) for _ in range(height)] + [packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_pictures_of_16_bits(tmp_path):
    for at in range(5):
        (tmp_path / f"{at}.png").write_bytes(png(5000, 3900) if at == 0 else (tmp_path / "0.png").read_bytes())
    blocks = [{"image": f"{at}.png", "alt": "图"} for at in range(5)]
    (tmp_path / "r.json").write_text(json.dumps({**REPORT, "preamble": blocks}))
    code, text = run(tmp_path, "check", "r.json")
    assert code == 1 and "pixels" in text


def test_shared_strings(tmp_path):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "sharedStrings": "sharedStrings"}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )

    def related(*targets):
        each = "".join(
            f'<Relationship Id="r{at}" Type="{relations}/{kind}" Target="{target}"/>' for at, (kind, target) in enumerate(targets)
        )
        return f'<Relationships xmlns="{package}/relationships">{each}</Relationships>'

    row = "<row>" + '<c t="s"><v>0</v></c>' * 1000 + "</row>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{overrides}</Types>',
        "_rels/.rels": related(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related(("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")),
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>' + "字" * 3_000_000 + "</t></si></sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{row * 5}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    code, text = run(tmp_path, "import", "b.xlsx")
    assert code == 2 and "MiB of text" in text


def test_attributes_of_a_tag(tmp_path):
    (tmp_path / "b.html").write_text("<p " + " ".join(f"a{at}=x" for at in range(300_000)) + ">x")
    code, text = run(tmp_path, "import", "b.html")
    assert code == 2 and "attributes" in text


def pdf(objects):
    """A file of these objects, by number: a dictionary's text, or that and the bytes of a stream."""
    file, places = bytearray(b"%PDF-1.7\n"), {}
    for number, (head, data) in objects.items():
        places[number] = len(file)
        stream = b"" if data is None else b"\nstream\n" + data + b"\nendstream"
        length = b"" if data is None else b"/Length %d" % len(data)
        file += b"%d 0 obj\n<<%s%s>>%s\nendobj\n" % (number, head, length, stream)
    size = max(places) + 1
    rows = b"".join(b"%010d 00000 n \n" % places[at] if at in places else b"0000000000 65535 f \n" for at in range(size))
    end = b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(file) + end % (size, rows, size, len(file))


def packed(unit, mebibytes):
    packer, block = zlib.compressobj(9), unit * ((1 << 20) // len(unit))
    return b"".join([packer.compress(block) for _ in range(mebibytes)] + [packer.flush()])


def page(contents, resources=b"", others=None, head=b""):
    return pdf({
        1: (b"/Type/Catalog/Pages 2 0 R", None),
        2: (b"/Type/Pages/Kids[3 0 R]/Count 1", None),
        3: (b"/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>" % resources, None),
        4: (head, contents),
        **(others or {}),
    })


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]"
IMAGE = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Width %d/Height %d"
X = b"/XObject<</X 10 0 R>>"
PDFS = {
    "forms in forms": lambda: page(
        b"/X Do", X,
        {10 + at: (FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % (11 + at), b"/X Do " * 10) for at in range(12)}
        | {22: (FORM, b"0 0 9 9 re f")},
    ),
    "large form": lambda: page(b"/X Do " * 50_000, X, {10: (FORM + b"/Filter/FlateDecode", packed(b" ", 4))}),
    "one image": lambda: page(
        b"595 0 0 842 0 0 cm " + b"/X Do " * 100_000, X, {10: (IMAGE % (1000, 1000), packed(b"\0", 3))}
    ),
    "pixels": lambda: page(b"/X Do", X, {10: (IMAGE % (60_000, 60_000), packed(b"\0", 1))}),
    "spaces": lambda: page(packed(b" ", 2048), head=b"/Filter/FlateDecode"),
    "lines": lambda: page(packed(b"0 0 m 9 9 l S ", 100), head=b"/Filter/FlateDecode"),
    "packed twice": lambda: page(zlib.compress(packed(b" ", 1024)), head=b"/Filter[/FlateDecode/FlateDecode]"),
    "nesting": lambda: pdf({1: (b"/Type/Catalog/Pages 2 0 R/X " + b"<</A " * 200_000, None), 2: (b"/Type/Pages/Kids[]/Count 0", None)}),
}


@pytest.mark.parametrize("name", PDFS)
def test_pdf(tmp_path, name):
    (tmp_path / "b.pdf").write_bytes(PDFS[name]())
    assert run(tmp_path, "import", "b.pdf")[0] in (1, 2)
    code, text = run(tmp_path, "preview", "b.pdf", "-o", "pages")
    assert code == 2 and "b.pdf" in text


def numbers(*values):
    return struct.pack(f">{len(values)}I", *values)


def segment(number, kind, data):
    """Of JBIG2 data: ISO/IEC 14492, 7.2."""
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def jbig2(width, height, regions):
    template = bytes([0, 0, 3, 255, 253, 255, 2, 254, 254, 254])
    region = numbers(width, height, 0, 0) + template + b"\0\0\0\0\xff\xac"
    parts = [segment(at, 38, region) for at in range(1, regions + 1)]
    return segment(0, 48, numbers(width, height, 0, 0) + b"\0\0\0") + b"".join(parts)


CURVES = b"0 0 m " + b"1000000000 1000000000 -1000000000 1000000000 5 5 c " * 200_000
HELVETICA = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
MESH = b"/ColorSpace/DeviceRGB/BitsPerCoordinate 32/BitsPerComponent 8/BitsPerFlag 8/Decode[0 60000 0 60000 0 1 0 1 0 1]"
ONE = b"/Shading<</S 10 0 R>>"
FAR = 0xFFFFFFFF
PROGRAM = b"{ " + b"dup mul sqrt " * 7_000 + b"dup dup }"
TINTS = b"/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]"
DRAWINGS = {
    "stroked curves": lambda: page(CURVES + b"S"),
    "filled curves": lambda: page(CURVES + b"f"),
    "clipping curves": lambda: page(CURVES + b"W n 0 0 9 9 re f"),
    "wide strokes": lambda: page(b"1 J 1 j 50 w 0 0 m " + b"0 800 l 500 0 l " * 400_000 + b"S"),
    "thin triangles": lambda: page(b"0 0 m 1 840 l 2 0 l f\n" * 2_000_000),
    "clipping lines": lambda: page(b"q 0 0 m " + b"590 840 l 1 3 l " * 500_000 + b"W n Q"),
    "huge glyphs": lambda: page(b"BT /F 1000000 Tf (mmmmmmmmm) Tj ET " * 50_000, HELVETICA),
    "stroked glyphs": lambda: page(b"BT /F 900 Tf 1 Tr (m) Tj ET " * 300_000, HELVETICA),
    "tensor patches": lambda: page(b"/S sh", ONE, {
        10: (b"/ShadingType 7" + MESH, (b"\0" + numbers(*[FAR if at % 3 else 0 for at in range(32)]) + bytes(12)) * 200)
    }),
    "triangles": lambda: page(b"/S sh", ONE, {
        10: (b"/ShadingType 4" + MESH, b"".join(b"\0" + numbers(*at) + b"\xff\0\0" for at in [(0, 0), (FAR, 0), (0, FAR)]) * 3_000)
    }),
    "function of a shading": lambda: page(
        b"/S sh",
        b"/Shading<</S<</ShadingType 1/ColorSpace/DeviceRGB/Matrix[600 0 0 850 0 0]/Function 10 0 R>>>>",
        {10: (b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]", b"{ pop " + PROGRAM[1:])},
    ),
    "function of colours": lambda: page(
        b"/C cs " + b"0.5 scn " * 3_000_000, b"/ColorSpace<</C[/Separation/X/DeviceRGB 10 0 R]>>", {10: (TINTS, PROGRAM)}
    ),
    "function of a picture": lambda: page(b"600 0 0 800 0 0 cm /X Do", b"/XObject<</X 11 0 R>>", {
        10: (TINTS, PROGRAM),
        11: (
            b"/Subtype/Image/Width 1024/Height 4096/BitsPerComponent 8/ColorSpace[/Separation/X/DeviceRGB 10 0 R]/Filter/FlateDecode",
            packed(bytes(range(256)), 4),
        ),
    }),
    "page of JBIG2": lambda: page(b"/X Do", X, {10: (b"/Subtype/Image/Width 1/Height 1/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode", jbig2(65_000, 65_000, 1))}),
    "regions of JBIG2": lambda: page(b"/X Do", X, {10: (b"/Subtype/Image/Width 9000/Height 9000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode", jbig2(9_000, 9_000, 200))}),
    "text of an operator": lambda: page(b"BT /F 1 Tf (" + b"a" * 8_000_000 + b") Tj ET", HELVETICA),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing(tmp_path, name):
    (tmp_path / "b.pdf").write_bytes(DRAWINGS[name]())
    code, text = run(tmp_path, "preview", "b.pdf", "-o", "pages")
    assert code == 2 and "b.pdf" in text
    # What is drawn is no text of a report: read or refused, within the budget.
    assert run(tmp_path, "import", "b.pdf", "-o", "b.json")[0] in (0, 1, 2)


def test_honest_drawings_are_drawn(tmp_path):
    """The same in sizes that documents have."""
    honest = {
        "mesh": page(b"/S sh", ONE, {
            10: (b"/ShadingType 4" + MESH.replace(b"60000", b"500"), b"".join(b"\0" + numbers(*at) + b"\xff\0\0" for at in [(0, 0), (FAR, 0), (0, FAR)]))
        }),
        "scan": page(b"595 0 0 842 0 0 cm /X Do", X, {10: (b"/Subtype/Image/Width 2480/Height 3508/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode", jbig2(2480, 3508, 1))}),
        "map": page(b"0.3 w " + b"".join(b"%d %d m %d %d l S " % (at % 595, at * 7 % 842, (at * 3) % 595, at * 5 % 842) for at in range(20_000))),
        "curves": page(b"".join(b"%d 0 m 100 300 300 100 %d 842 c S " % (at % 595, at % 595) for at in range(5_000))),
    }
    for name, pdf in honest.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        assert run(tmp_path, "preview", f"{name}.pdf", "-o", "pages")[0] == 0, name


def test_font_collection(tmp_path):
    (tmp_path / "a.ttc").write_bytes(b"ttcf\0\1\0\0\xff\xff\xff\xff".ljust(112, b"\0"))
    assert "a.ttc" in run(tmp_path, "fonts", "--fonts", ".")[1]


def test_title_of_a_layout(tmp_path):
    head = 'format = 1\nextends = "general-document"\nid = "own"\nname = "甲"\n'
    (tmp_path / "own.toml").write_text(head + 'title = "' + "甲" * 300_000 + '"\n')
    report = {key: value for key, value in REPORT.items() if key != "title"}
    (tmp_path / "r.json").write_text(json.dumps({**report, "layout": "own"}))
    run(tmp_path, "check", "r.json", "--layout", "own.toml")


@pytest.mark.parametrize("index", ["0 250000000", " ".join(["0 900000"] * 270)])
def test_rows_of_cross_references(tmp_path, index):
    packer = zlib.compressobj(9)
    rows = b"".join([packer.compress(bytes(1_000_000)) for _ in range(250)] + [packer.flush()])
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    entry = f"3 0 obj\n<</Type/XRef/Root 1 0 R/Size 900000/W[1 0 0]/Index[{index}]/Filter/FlateDecode/Length {len(rows)}>>\nstream\n"
    end = f"\nendstream\nendobj\nstartxref\n{len(head)}\n%%EOF\n"
    (tmp_path / "x.pdf").write_bytes(head + entry.encode() + rows + end.encode())
    assert run(tmp_path, "extract", "x.pdf")[0] in (1, 2)
    assert run(tmp_path, "verify", "x.pdf")[0] in (1, 2)


def signed_often(folder, objects, values, times):
    """A file of so many lists of so many values, signed again and again."""
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "k.pem"], cwd=folder, check=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-new", "-key", "k.pem", "-subj", "/CN=x", "-days", "3650", "-out", "c.pem"],
        cwd=folder, check=True,
    )
    file, places = bytearray(b"%PDF-1.7\n"), []
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ] + [b"[" + b"0 " * values + b"]"] * objects
    for number, body in enumerate(bodies, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    (folder / "a.pdf").write_bytes(file + end % (size, rows, size, len(file)))
    # The clock of the machine may be before that of the certificate by the fraction of a second.
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    for _ in range(times):
        sign = [GONGWEN, "sign", "a.pdf", "--key", "k.pem", "--cert", "c.pem", "--time", later, "-q", "-o", "b.pdf"]
        subprocess.run(sign, cwd=folder, check=True)
        os.replace(folder / "b.pdf", folder / "a.pdf")


@pytest.mark.parametrize("objects, values, times", [(20_000, 0, 30), (100, 4_400, 30), (2_000, 10, 10)])
def test_many_signatures_of_many_objects(tmp_path, objects, values, times):
    signed_often(tmp_path, objects, values, times)
    code, text = run(tmp_path, "verify", "a.pdf")
    # The last is what an office may have: read whole, and unproved, as no root is trusted.
    assert code == (3 if times == 10 else 2), text[-300:]


def test_cells(tmp_path):
    table = {"header": [["a"] * 10], "rows": [["1"] * 10 for _ in range(50_000)]}
    (tmp_path / "r.json").write_text(json.dumps({**REPORT, "preamble": [{"table": table}]}, ensure_ascii=False))
    assert run(tmp_path, "check", "r.json")[0] == 0
