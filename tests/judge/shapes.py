"""Files in the shapes in which offices publish reports, made out of a report of the program: a table of cells with spans becomes
HTML, lines with bars, or a cell a line.

The tables come from the layout's own file, so that any layout with tables can be used.
"""

import json
import pathlib
import tomllib

ROOT = pathlib.Path(__file__).parent.parent.parent


def layout(name):
    """The tables and sections of a layout."""
    return tomllib.loads((ROOT / "layouts" / f"{name}.toml").read_text(encoding="utf-8"))


def grids(report):
    """Each table as rows of (column, columns, rows, text, pointer); the pointer only for figures."""
    spec = layout(report["layout"])
    found = {}
    for table in spec["tables"]:
        width = len(table["widths"])
        covered = [0] * width
        rows = []
        for row in table["rows"]:
            cells, column = [], 0
            for cell in row["cells"]:
                cell = {"text": cell} if isinstance(cell, str) else cell
                parts = []
                if "figures" in cell:
                    key = cell["figures"]
                    spans = cell.get("spans")
                    values = report["tables"][table["key"]][key]
                    names = table["figures"][key].get("columns") or list(table["columns"])
                    if isinstance(values, dict):
                        values = [values[name] for name in names]
                    for at, value in enumerate(values):
                        columns = spans[at] if spans else cell.get("columns", 1)
                        pointer = f"/tables/{table['key']}/{key}/{at}"
                        parts.append((columns, 1, "" if value is None else str(value), pointer))
                else:
                    text = cell.get("text") or table["figures"][cell["label"]]["label"]
                    parts.append((cell.get("columns", 1), cell.get("rows", 1), text.replace("\n", ""), None))
                for columns, down, text, pointer in parts:
                    while column < width and covered[column]:
                        column += 1
                    for at in range(column, column + columns):
                        covered[at] = down
                    cells.append((column, columns, down, text, pointer))
                    column += columns
            covered = [max(0, left - 1) for left in covered]
            rows.append(cells)
        found[table["key"]] = rows
    return found


def parts(report):
    """The report as a list of ("title" | "heading" | "text" | "table" | "right", content)."""
    spec = layout(report["layout"])
    tables = grids(report)
    out = [("title", report.get("title") or f"{report['issuer']}{report['year']}年政府信息公开工作年度报告")]
    out += [("text", text) for text in report.get("preamble", []) if isinstance(text, str)]
    numbers = "一二三四五六七八九十"
    for at, section in enumerate(spec["sections"]):
        out.append(("heading", f"{numbers[at]}、{section['title']}"))
        for block in report["sections"].get(section["key"], []):
            if isinstance(block, str):
                out.append(("text", block))
        for key in section.get("tables", []):
            out.append(("table", tables[key]))
    return out


def html(report, change=lambda text, pointer: text):
    """Shape H: a page with spans, and what stands around it."""
    body = []
    for kind, content in parts(report):
        if kind == "title":
            body.append(f'<h1 style="text-align: center">{content}</h1><p>发布日期：2024-01-31 来源：某局</p>')
        elif kind == "table":
            rows = []
            for row in content:
                cells = [
                    f'<td colspan="{columns}" rowspan="{down}"><p>{change(text, pointer) or "&nbsp;"}</p></td>'
                    for _, columns, down, text, pointer in row
                ]
                rows.append(f"<tr>{''.join(cells)}</tr>")
            body.append(f'<table class="MsoNormalTable">{"".join(rows)}</table>')
        else:
            body.append(f"<p>{content}</p>")
    links = "".join(f'<li><a href="/{at}">栏目{at}</a></li>' for at in range(30))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>年报_某市政府网</title></head><body><ul>{links}</ul>'
        f'<div class="main">{"".join(body)}</div><div>版权所有 某市政府</div></body></html>'
    )


def lines(report, shape, change=lambda text, pointer: text):
    """The shapes of text: S1 a row a line; S2 padded with the blanks of spans; S3 with a bar in front; S4 a cell a line that
    ends with a bar; S5 the bar on a line of its own; S6 a cell a line without any mark; S7 figures behind spaces."""
    out = []
    for kind, content in parts(report):
        if kind != "table":
            out.append(content)
            continue
        for row in content:
            cells = []
            for _, columns, _, text, pointer in row:
                cells.append(change(text, pointer))
                if shape in ("S2", "S3", "S4"):
                    cells += [""] * (columns - 1)
            if shape in ("S1", "S2"):
                out.append(" | ".join(cells))
            elif shape == "S3":
                out.append("| " + " | ".join(cells) + " |")
            elif shape == "S4":
                out += [f"{cell} |" for cell in cells]
            elif shape == "S5":
                for cell in cells:
                    out += ([cell] if cell else []) + ["|"]
            elif shape == "S6":
                out += cells
            elif shape == "S7":
                out.append(" ".join(cells))
    return "\n".join(out) + "\n"


SHAPES = ["S1", "S2", "S3", "S4", "S5", "S6", "S7"]


def figures(report):
    """Every figure by its pointer, as text; None for one that is open."""
    found = {}
    for table, rows in report["tables"].items():
        for row, cells in rows.items():
            values = cells.values() if isinstance(cells, dict) else cells
            for at, value in enumerate(values):
                found[f"/tables/{table}/{row}/{at}"] = None if value is None else str(value)
    return found


def load(path):
    """A report whose figures are texts as they are written."""
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"), parse_float=str, parse_int=lambda text: text)
