"""The files of the page as they lie: types, what old browsers know, and that no text becomes markup."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
TOOLS = ROOT / ".tools" / "node_modules"


def lint(*files):
    command = ["node", ROOT / "tests" / "judge" / "page" / "lint.mjs", TOOLS, *files]
    return subprocess.run(command, capture_output=True, text=True)


def test_types_by_tsc():
    done = subprocess.run([TOOLS / ".bin" / "tsc", "-p", ROOT / "tests" / "judge" / "page"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_scripts_and_styles_are_of_2019_and_make_no_markup():
    files = sorted([*WEB.glob("*.js"), *WEB.glob("*.css")])
    assert len(files) > 10
    done = lint(*files)
    assert done.returncode == 0, done.stdout + done.stderr


# Each of these the lint has to find.
WRONG = [
    ("js", "a?.b;"),
    ("js", "const a = b ?? c;"),
    ("js", "a ||= b;"),
    ("js", "class A { #b = 1; }"),
    ("js", "a.replaceAll('b', 'c');"),
    ("js", "list.replaceChildren();"),
    ("js", "place.innerHTML = text;"),
    ("js", "place['innerHTML'] = text;"),
    ("js", "make('div', { innerHTML: text });"),
    ("js", "place.insertAdjacentHTML('beforeend', text);"),
    ("js", "document.write(text);"),
    ("js", "new DOMParser();"),
    ("js", "new Function(text);"),
    ("js", "setTimeout('a()', 1);"),
    ("js", "element[name] = text;"),
    ("js", "place.setAttribute('onclick', text);"),
    ("js", "place.setAttribute(name, text);"),
    ("js", "make('a', { href: text });"),
    ("js", "link.href = text;"),
    ("js", "import(text);"),
    ("css", ".a { display: flex; gap: 4px; }"),
    ("css", ".a:has(b) { color: red; }"),
    ("css", ".a { width: min(1px, 2px); }"),
    ("css", ".a { inset: 0; }"),
    ("css", ".a { background: url(b.png); }"),
]
RIGHT = [
    ("js", "make('a', { href: '#' + id }); link.href = URL.createObjectURL(blob); place.textContent = text;"),
    ("css", ".a { grid-gap: 4px; grid-template-columns: minmax(0, 1fr); } /* gap: 4px */"),
]


def test_the_lint_finds_what_is_wrong_and_nothing_else(tmp_path):
    files = [tmp_path / f"{number}.{kind}" for number, (kind, _) in enumerate(WRONG + RIGHT)]
    for file, (_, line) in zip(files, WRONG + RIGHT):
        file.write_text(line + "\n", encoding="utf-8")
    found = lint(*files).stdout
    for file, (_, line) in zip(files, WRONG + RIGHT):
        assert (f"{file}:1:" in found) == ((file.suffix[1:], line) in WRONG), f"{line}\n{found}"


def test_the_page_is_valid_html():
    done = subprocess.run(["java", "-jar", TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar", "--also-check-css", WEB / "index.html", WEB / "style.css"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
