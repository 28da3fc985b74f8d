"""Small files that used to take minutes or gigabytes: each gets a clear answer within 10 s and 512 MiB.

The machine is the judge: the command runs by itself, and its time and memory are those that the kernel counted.
"""

import json
import os
import pathlib
import resource
import struct
import subprocess
import time
import zipfile
import zlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
MOST_SECONDS, MOST_MIB = 10, 512
REPORT = {"format": 1, "layout": "general-document", "title": "题", "issuer": "甲局"}


def run(folder, *arguments):
    """The exit code and all output of the command, whose time and memory are within the budget."""
    # The memory of one process among others that have ended is told by wait4 alone.
    out = (folder / "output").open("wb")
    began = time.monotonic()
    process = subprocess.Popen(
        [GONGWEN, *arguments, "--lang", "en"], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (2 * MOST_SECONDS, 2 * MOST_SECONDS)),
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds, mib = time.monotonic() - began, used.ru_maxrss / 1024
    text = (folder / "output").read_text(errors="replace")
    assert process.returncode in (0, 1, 2), (process.returncode, text[-300:])
    assert seconds <= MOST_SECONDS and mib <= MOST_MIB, (arguments, seconds, mib)
    assert len(text) < 1 << 20, "the answer is no bomb itself"
    return process.returncode, text


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


WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
BODIES = {
    "elements": "<w:p/>" * 20_000_000,
    "paragraphs": "<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 3_000_000,
    "text": "<w:p><w:r><w:t>" + "a" * 120_000_000 + "</w:t></w:r></w:p>",
    "attributes": "<w:p " + " ".join(f'a{at}="1"' for at in range(2_500_000)) + "/>",
    "gigabyte": "<w:p/>" * 160_000_000,
}


@pytest.mark.parametrize("name", BODIES)
def test_word_files(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "b.docx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", WORD % BODIES[name])
    assert run(tmp_path, "import", "b.docx")[0] == 2
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


def test_font_collection(tmp_path):
    (tmp_path / "a.ttc").write_bytes(b"ttcf\0\1\0\0\xff\xff\xff\xff".ljust(112, b"\0"))
    assert "a.ttc" in run(tmp_path, "fonts", "--fonts", ".")[1]


def test_title_of_a_layout(tmp_path):
    layout = (ROOT / "layouts" / "general-document.toml").read_text()
    (tmp_path / "own.toml").write_text('title = "' + "甲" * 300_000 + '"\n' + layout.replace("\ntitle =", "\n# title ="))
    (tmp_path / "r.json").write_text(json.dumps({**REPORT, "layout": "general-document"}))
    run(tmp_path, "check", "r.json", "--layout", "own.toml")
