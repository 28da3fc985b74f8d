"""Other readers of the Word files, and the ways back: mammoth, pandoc, LibreOffice by UNO, then gongwen import."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess

import mammoth
import pypandoc
import pytest
from conftest import DOCX, JUDGE

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
# The Python that LibreOffice's bridge is installed for: Debian's.
SYSTEM_PYTHON = "/usr/bin/python3"


def html(name):
    with (JUDGE / "examples" / f"{name}.docx").open("rb") as file:
        return mammoth.convert_to_html(file).value


def markdown(name):
    return json.loads(pypandoc.convert_file(JUDGE / "examples" / f"{name}.docx", "json"))


def test_mammoth_reads_headings_tables_and_images():
    found = html("every-block")
    assert len(re.findall(r"<h1>", found)) >= 3
    assert re.search(r"<h2>.*标题独行.*</h2>", found)
    assert "<table>" in found and "colspan" in found
    assert re.search(r'<img alt="[^"]+"', found)


def test_mammoth_reads_three_header_rows():
    found = html("qingzhen-2023")
    head = re.findall(r"<thead>(.*?)</thead>", found, re.DOTALL)
    assert [len(re.findall("<tr>", rows)) for rows in head] == [3, 3]


def blocks(node, kind):
    if isinstance(node, dict):
        if node.get("t") == kind:
            yield node
        for child in node.values():
            yield from blocks(child, kind)
    elif isinstance(node, list):
        for child in node:
            yield from blocks(child, kind)


def test_pandoc_reads_headings_tables_and_images():
    found = markdown("every-block")
    assert {node["c"][0] for node in blocks(found, "Header")} >= {1, 2, 3, 4}
    assert len(list(blocks(found, "Table"))) == 1
    assert len(list(blocks(found, "Image"))) >= 1


def test_pandoc_reads_every_row_of_the_tables():
    tables = list(blocks(markdown("qingzhen-2023"), "Table"))
    assert len(tables) == 3
    texts = [node["c"] for node in blocks(tables[1], "Str")]
    assert "三、本年度办理结果" in texts and "自然人" in texts


def imported(file):
    ran = subprocess.run([GONGWEN, "import", file], check=True, capture_output=True, text=True)
    return ran.stdout, ran.stderr


@pytest.fixture(scope="module")
def carrying(tmp_path_factory):
    """An example's Word file with the report inside."""
    folder = tmp_path_factory.mktemp("carrying")
    example = ROOT / "examples" / "qingzhen-2023.json"
    subprocess.run(
        [GONGWEN, "export", "--quiet", "--format", "docx", "--embed-source", example, "-o", folder], check=True
    )
    return folder / "qingzhen-2023.docx"


def free_port():
    with socket.socket() as wanted:
        wanted.bind(("127.0.0.1", 0))
        return wanted.getsockname()[1]


def edited_by_libreoffice(file, folder):
    port = free_port()
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=socket,host=127.0.0.1,port={port};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        script = ROOT / "tests/judge/edit_with_libreoffice.py"
        ran = subprocess.run(
            [SYSTEM_PYTHON, script, str(port), file, folder / "edited.docx"],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        # soffice is a script: the program it starts is in its group.
        os.killpg(office.pid, signal.SIGKILL)
        office.wait(timeout=60)
    return folder / "edited.docx", int(ran.stdout)


@pytest.mark.parametrize("carries", [True, False], ids=["with the report inside", "without it"])
def test_edits_in_libreoffice_come_back(carries, carrying, tmp_path):
    file = tmp_path / "qingzhen-2023.docx"
    shutil.copy(carrying if carries else JUDGE / "examples" / "qingzhen-2023.docx", file)
    edited, count = edited_by_libreoffice(file, tmp_path)
    assert count >= 2, "a figure and a phrase were edited"
    report, findings = imported(edited)
    assert findings == ""
    original = (ROOT / "examples" / "qingzhen-2023.json").read_text(encoding="utf-8")
    wanted = original.replace("始终坚持", "一贯坚持")
    wanted = re.sub(r'("administrative_fees": \[)"?6858\.05"?', r"\g<1>6860.10", wanted)
    if carries:
        assert report == wanted
        ran = subprocess.run([GONGWEN, "extract", edited], check=True, capture_output=True)
        assert ran.stdout.decode("utf-8") == original, "the report inside is as it was"
        return
    report, wanted = json.loads(report), json.loads(wanted)
    assert report["sections"] == wanted["sections"]
    figures = {table: {row: cells for row, cells in rows.items()} for table, rows in wanted["tables"].items()}
    assert report["tables"] == figures


def test_embedded_fonts_are_used_where_none_is_installed(tmp_path):
    example = ROOT / "examples" / "qingzhen-2023.json"
    subprocess.run([GONGWEN, "export", "--quiet", "--format", "docx", "--docx-fonts", "embed", example, "-o", tmp_path], check=True)
    file = tmp_path / "qingzhen-2023.docx"
    subprocess.run([ROOT / "scripts/docx/validate", file], check=True, capture_output=True)
    # One font that knows no Han: LibreOffice does not start without any.
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    shutil.copy(ROOT / "fonts" / "LiberationSerif-Bold.ttf", fonts)
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>", encoding="utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
        check=True,
        capture_output=True,
    )
    listing = subprocess.run(["pdffonts", tmp_path / "qingzhen-2023.pdf"], check=True, capture_output=True, text=True).stdout
    for name in ["ZhuqueFangsong", "NotoSerifSC-SemiBold", "NotoSansSC", "GwKai", "LiberationSerif"]:
        assert name in listing, listing


def test_every_file_reads_back_without_its_report(docx):
    report, _ = imported(docx)
    assert json.loads(report)["layout"] == json.loads(docx.with_suffix(".json").read_text(encoding="utf-8"))["layout"]


def test_every_version_of_office_is_asked():
    script = (ROOT / "scripts/docx/validate").read_text(encoding="utf-8")
    for version in ["Office2016", "Office2019", "Office2021", "Microsoft365"]:
        assert version in script
    assert len(DOCX) > 20
