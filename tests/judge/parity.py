"""Compares our PDF with the one that LibreOffice makes of our Word file: pages, first and last lines, every line.

    parity.py --version FILE [--json OUT] [--write PAGE.md] OURS.pdf THEIRS.pdf [OURS.pdf THEIRS.pdf]...

Lines are found by position: glyphs on one baseline, parted where a ruled line of a table stands between them, so that
a cell's lines are compared with those of the same cell. A line counts as the same only on the same page and in the
same order. Left out are page numbers, the header rows that a table repeats on its next page, and where a label beside
rows of two pages stands (its lines are still compared).
"""

import argparse
import collections
import dataclasses
import difflib
import functools
import json
import pathlib
import re
import sys

import pdfplumber
import pikepdf

MM = 72 / 25.4
# Page numbers stand below the type area, which ends 262 mm from the top (GB/T 9704-2012, 5.2).
PAGE_NUMBERS = 265 * MM
# The type area of a page in landscape begins 35 mm from its left edge.
SIDE_OF_NUMBERS = 95
# The LibreOffice that the figures hold for: another one may break lines in other ways.
MAJOR = 7
WANTED = 98.0
# What LibreOffice lets hang at the end of a full line, and then leaves out of its PDF.
HUNG = set("、。，；：！？")
# A shorter line (0, 总计) may stand on a page twice.
LONG = 6
BEGIN, END = "<!-- parity: begin -->", "<!-- parity: end -->"


class Unexpected(Exception):
    """The judge is not the one that is known."""


@dataclasses.dataclass
class Part:
    """A cell with its lines, or one line outside tables. `box` is the cell's: left, top, right, bottom in points."""

    lines: list
    box: tuple | None = None

    @property
    def text(self):
        return "".join(self.lines)


@dataclasses.dataclass
class Result:
    name: str
    pages: tuple
    # By page: ours and theirs of the first and the last line that differ.
    ends: list
    lines: int
    same: int
    # By page: what ours has and what theirs has in its place.
    differences: list
    # Characters that only one of them has.
    lost: str = ""
    gained: str = ""

    @property
    def percent(self):
        return 100.0 * self.same / self.lines if self.lines else 100.0

    @property
    def moved(self):
        """Lines that both pages have, at different places."""
        for page in sorted({page for page, _, _ in self.differences}):
            ours = {line for at, lines, _ in self.differences if at == page for line in lines if len(line) > LONG}
            theirs = {line for at, _, lines in self.differences if at == page for line in lines}
            yield from ((page, line) for line in sorted(ours & theirs))

    @property
    def failures(self):
        differences = []
        if self.pages[0] != self.pages[1]:
            differences.append(f"{self.pages[0]} pages, in LibreOffice {self.pages[1]}")
        differences += [f"page {page}: {which} line {ours!r}, in LibreOffice {theirs!r}" for page, which, ours, theirs in self.ends]
        if self.lost:
            differences.append(f"{self.lost!r} is lost in LibreOffice")
        if self.gained:
            differences.append(f"{self.gained!r} is in LibreOffice alone")
        for page, line in self.moved:
            differences.append(f"page {page}: {line!r} stands at another place in LibreOffice")
        if self.percent < WANTED:
            differences.append(f"{self.percent:.2f} % of {self.lines} lines are the same, {WANTED} % are wanted")
        return differences


def check_version(version):
    """The version in `LibreOffice 7.4.7.2 40(Build:2)`; an unexpected major version is refused."""
    found = re.search(r"LibreOffice (\d+)\.(\d+)\.(\d+)", version)
    if not found:
        raise Unexpected(f"this is no version of LibreOffice: {version!r}")
    if int(found[1]) != MAJOR:
        raise Unexpected(
            f"LibreOffice {found[0].split()[1]} made the pages, but the figures hold for LibreOffice {MAJOR}: "
            "measure it anew, look at what differs, and change MAJOR in tests/judge/parity.py"
        )
    return found[0].split()[1]


@functools.cache
def read(path, ours=None):
    """The pages of a PDF, each a list of parts in reading order. Charts are where `ours` has them."""
    boxes = charts(ours or path)
    with pdfplumber.open(path) as pdf:
        found = []
        for number, page in enumerate(pdf.pages):
            found.append(parts(page, boxes.get(number, [])))
            page.close()
        return found


@functools.cache
def charts(path):
    """The boxes of figures that hold text, by page, from its top left: every program labels a chart in its own way."""
    found = collections.defaultdict(list)
    with pikepdf.open(path) as pdf, pdfplumber.open(path) as text:
        if "/StructTreeRoot" not in pdf.Root:
            return found
        pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        for element in elements(pdf.Root.StructTreeRoot):
            if element.get("/S") != "/Figure" or "/BBox" not in element.get("/A", {}):
                continue
            number = pages[element.Pg.objgen]
            marks = {int(kid) for kid in kids(element) if not isinstance(kid, pikepdf.Dictionary)}
            page = text.pages[number]
            if any(char["mcid"] in marks for char in page.chars):
                left, bottom, right, top = (float(number) for number in element.A.BBox)
                found[number].append((left, float(page.height) - top, right, float(page.height) - bottom))
    return found


def kids(element):
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def elements(element):
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from elements(kid)


def parts(page, charts=()):
    """The lines outside tables and the cells, from the top, then from the left."""

    def is_outside(char):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        # The pages of a document with footnotes have no grid: theirs may be a few points higher.
        return not any(left - 2 <= x <= right + 2 and top - 6 <= y <= bottom for left, top, right, bottom in charts)

    glyphs = [char for char in page.chars if char["text"].strip() and baseline(page, char) <= PAGE_NUMBERS and is_outside(char)]
    # On a page in landscape the number runs up a side: GB/T 9704-2012, 8.
    if page.width > page.height:
        glyphs = [char for char in glyphs if char["x1"] > SIDE_OF_NUMBERS]
    upright = [edge for edge in page.edges if edge["orientation"] == "v" and edge["height"] > 3]
    level = [edge for edge in page.edges if edge["orientation"] == "h" and edge["width"] > 3]
    cells, outside = {}, []
    for at, chars in on_baselines(page, glyphs):
        # What rules a line of text in stands beside the middle of its characters.
        middle = at - 0.35 * chars[0]["size"]
        rules = sorted({round(edge["x0"], 1) for edge in upright if edge["top"] - 1 <= middle <= edge["bottom"] + 1})
        for group in between(chars, rules):
            # A word processor makes the leader of a 目录 of dots of its own.
            text = re.sub(r"\.{4,}", "…", "".join(char["text"] for char in group))
            box = box_around(group, middle, rules, level)
            if box is None:
                outside.append((at, group[0]["x0"], text))
            else:
                # A cell's rules are drawn from cell to cell, and a fraction of a point apart.
                key = next((known for known in cells if near(known, box)), box)
                cells.setdefault(key, []).append((at, group[0]["x0"], text))
    found = [(at, Part([text])) for at, _, text in joined(outside)]
    found += [(box[1], Part([text for _, _, text in joined(lines)], box)) for box, lines in cells.items()]
    # Cells of one row begin alike, but for a fraction of a point.
    rows = []
    for top, part in sorted(found, key=lambda item: item[0]):
        if rows and top - rows[-1][0] < 2:
            rows[-1][1].append(part)
        else:
            rows.append((top, [part]))
    return [part for _, row in rows for part in sorted(row, key=lambda part: part.box[0] if part.box else 0)]


def baseline(page, char):
    return page.height - char["matrix"][5]


def on_baselines(page, glyphs):
    groups = []
    for char in sorted(glyphs, key=lambda char: baseline(page, char)):
        at = baseline(page, char)
        if groups and at - groups[-1][0] < 1:
            groups[-1][1].append(char)
        else:
            groups.append((at, [char]))
    return [(at, sorted(chars, key=lambda char: char["x0"])) for at, chars in groups]


def between(chars, rules):
    """The characters, parted at the upright rules."""
    groups = {}
    for char in chars:
        middle = (char["x0"] + char["x1"]) / 2
        groups.setdefault(sum(rule < middle for rule in rules), []).append(char)
    return groups.values()


def box_around(chars, middle, rules, level):
    at = (chars[0]["x0"] + chars[-1]["x1"]) / 2
    left = max((rule for rule in rules if rule <= chars[0]["x0"] + 2), default=None)
    right = min((rule for rule in rules if rule >= chars[-1]["x1"] - 2), default=None)
    crossing = [edge["top"] for edge in level if edge["x0"] - 1 <= at <= edge["x1"] + 1]
    top = max((rule for rule in crossing if rule <= middle), default=None)
    bottom = min((rule for rule in crossing if rule >= middle), default=None)
    return None if None in (left, top, right, bottom) else (left, top, right, bottom)


def near(one, other):
    return all(abs(a - b) < 1.5 for a, b in zip(one, other, strict=True))


def joined(lines):
    """Groups on one baseline as one line."""
    found = []
    for at, left, text in sorted(lines):
        if found and at - found[-1][0] < 1:
            found[-1][2] += text
        else:
            found.append([at, left, text])
    return found


def without_repeated_headers(pages):
    """What begins a page as the table of the page before began is its header, repeated."""
    found, before = [], []
    for page in pages:
        first = list(page)
        table = begin = leading_table(page)
        if before and table:
            same = common_rows(table, before)
            first = page[same:]
            begin = table if same else table
        found.append(first)
        before = begin if begin and len(begin) == len(page) else trailing_table(page) or []
    return found


def leading_table(page):
    end = next((at for at, part in enumerate(page) if part.box is None), len(page))
    return page[:end]


def trailing_table(page):
    begin = next((len(page) - at for at, part in enumerate(reversed(page)) if part.box is None), 0)
    return page[begin:]


def common_rows(table, before):
    same = 0
    for one, other in zip(table, before):
        if one.text != other.text or abs(one.box[0] - other.box[0]) > 3 or abs(one.box[2] - other.box[2]) > 3:
            break
        same += 1
    # Whole rows alone: a first figure may happen to be the same.
    while 0 < same < len(table) and abs(table[same].box[1] - table[same - 1].box[1]) < 3:
        same -= 1
    return same


def join_torn(ours, theirs):
    """A cell that theirs tears at a page's end and ours has whole on one of the two pages: in one piece in both."""
    for number in range(min(len(ours), len(theirs)) - 1):
        above = [part for part in theirs[number] if part.box]
        below = [part for part in theirs[number + 1] if part.box]
        foot = max((part.box[3] for part in above), default=0)
        head = min((part.box[1] for part in below), default=0)
        for part in [part for part in above if part.box[3] > foot - 3]:
            for rest in [rest for rest in below if rest.box[1] < head + 3 and same_column(rest, part)]:
                home = next(
                    (
                        (at, whole)
                        for at in (number, number + 1)
                        for whole in ours[at]
                        if whole.box and same_column(whole, part) and whole.text == part.text + rest.text
                    ),
                    None,
                )
                if home is None:
                    continue
                theirs[number].remove(part)
                theirs[number + 1].remove(rest)
                ours[home[0]].remove(home[1])
                ours[home[0]].insert(0, home[1])
                theirs[home[0]].insert(0, Part(part.lines + rest.lines, part.box))
                break


def same_column(one, other):
    return abs(one.box[0] - other.box[0]) < 4 and abs(one.box[2] - other.box[2]) < 4


def lines_of(page):
    return [line for part in page for line in part.lines]


def compare(name, ours_path, theirs_path):
    ours, theirs = read(ours_path), read(theirs_path, ours_path)
    counts = (len(ours), len(theirs))
    ours, theirs = without_repeated_headers(ours), without_repeated_headers(theirs)
    ends = list(differing_ends(ours, theirs))
    join_torn(ours, theirs)
    total = same = 0
    differences = []
    for number in range(max(counts)):
        one, other = (lines_of(pages[number]) if number < len(pages) else [] for pages in (ours, theirs))
        total += max(len(one), len(other))
        matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                same += b - a
            else:
                differences.append((number + 1, one[a:b], other[c:d]))
    lost, gained = missing(ours, theirs), missing(theirs, ours)
    hung = hung_stops(differences)
    lost = "".join(sorted((collections.Counter(lost) - hung).elements()))
    return Result(name, counts, ends, total, same, differences, lost, gained)


def missing(pages, others):
    """The characters that the other has fewer of."""
    one, other = (collections.Counter("".join(line for page in side for line in lines_of(page))) for side in (pages, others))
    return "".join(sorted((one - other).elements()))


def hung_stops(differences):
    """The stops that are all that a line of theirs lacks."""
    found = collections.Counter()
    for _, ours, theirs in differences:
        for line in ours:
            if line[-1:] in HUNG and line[:-1] in theirs:
                found[line[-1]] += 1
    return found


def differing_ends(ours, theirs):
    """The first and last line of every page: of a row of cells, the one furthest to the right that is no label."""
    for number, (one, other) in enumerate(zip(ours, theirs), 1):
        for which, of in [("first", first_line), ("last", last_line)]:
            line, their_line = of(one), of(other)
            if line != their_line and not (line[-1:] in HUNG and line[:-1] == their_line):
                yield number, which, line, their_line


def first_line(page):
    return lines_of([row_end(page, page[0])])[0] if page else ""


def last_line(page):
    return lines_of([row_end(page, page[-1])])[-1] if page else ""


def row_end(page, part):
    """The last cell of the row: a label at its left may reach over rows of the page before."""
    if part.box is None:
        return part
    row = [other for other in page if other.box and abs(other.box[1] - part.box[1]) < 3]
    return max(row, key=lambda other: other.box[0])


def table(results, version):
    """The figures as a table of Markdown."""
    rows = [
        f"LibreOffice {version}.",
        "",
        "| document | pages, PDF / Word | lines | the same | | pages that begin and end alike |",
        "|---|---|---|---|---|---|",
    ]
    groups = {}
    for result in results:
        groups.setdefault("made reports" if re.match(r"report-\d+$", result.name) else result.name, []).append(result)
    for name, group in [*groups.items(), ("together", results)]:
        label = f"{len(group)} {name}" if name == "made reports" else name if name == "together" else f"`{name}`"
        sums = [sum(result.pages[side] for result in group) for side in (0, 1)]
        differ = sum(result.pages[0] != result.pages[1] for result in group)
        pages = f"{sums[0]} / {sums[1]}" + (f", {differ} differ" if differ else "")
        lines, same = sum(result.lines for result in group), sum(result.same for result in group)
        parted = sum(len({page for page, *_ in result.ends}) for result in group)
        alike = sum(min(result.pages) for result in group) - parted
        share = int(10000 * same / lines) / 100 if lines else 100
        rows.append(f"| {label} | {pages} | {lines} | {same} | {share:.2f} % | {alike} of {sums[0]} |")
    return "\n".join(rows)


def between_marks(text):
    """What stands between the marks of docs/dev/parity.md."""
    return text.split(BEGIN)[1].split(END)[0].strip()


def report(result):
    print(f"{result.name}: {result.pages[0]}/{result.pages[1]} pages, {result.same} of {result.lines} lines, {result.percent:.2f} %")
    for page, ours, theirs in result.differences:
        print(f"  page {page}: {' ⏎ '.join(ours) or '(nothing)'}")
        print(f"  {'LibreOffice':>{len(f'page {page}')}}: {' ⏎ '.join(theirs) or '(nothing)'}")
    for failure in result.failures:
        print(f"  FAILS: {failure}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--version", required=True, type=pathlib.Path, help="what soffice --version prints, in a file")
    parser.add_argument("--write", type=pathlib.Path, help="put the table between the marks of this page")
    parser.add_argument("pdf", nargs="+", type=pathlib.Path)
    given = parser.parse_args()
    try:
        version = check_version(given.version.read_text(encoding="utf-8"))
    except Unexpected as error:
        sys.exit(f"parity: {error}")
    pairs = zip(given.pdf[::2], given.pdf[1::2], strict=True)
    results = [compare(ours.stem, ours, theirs) for ours, theirs in pairs]
    for result in results:
        report(result)
    if given.write:
        page = given.write.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        page = f"{before}{BEGIN}\n{table(results, version)}\n{END}{rest.split(END)[1]}"
        given.write.write_text(page, encoding="utf-8")
    print(f"LibreOffice {version}")
    sys.exit(1 if any(result.failures for result in results) else 0)


if __name__ == "__main__":
    main()
