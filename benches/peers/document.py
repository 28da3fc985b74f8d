"""The example report as a plain document that every program of the comparison is given: paragraphs and tables of cells.

    document.py REPORT.json LAYOUT.toml > document.json

A table is a list of rows of cells: text, columns and rows that a cell covers, whether it is a header; with the widths of
the columns, the least height of a row and the padding of a cell in millimetres.
"""

import json
import pathlib
import sys
import tomllib


def cells_of(spec, table, cell):
    if isinstance(cell, str):
        return [{"text": cell}]
    spans = {"columns": cell.get("columns", 1), "rows": cell.get("rows", 1)}
    if "figures" in cell:
        return [spans | {"text": str(figure), "figure": True} for figure in table[cell["figures"]]]
    text = spec["figures"][cell["label"]]["label"] if "label" in cell else cell["text"]
    return [spans | {"text": text}]


def table(spec, figures):
    rows = []
    for row in spec["rows"]:
        header = row.get("kind") == "header"
        cells = [cell for entry in row["cells"] for cell in cells_of(spec, figures, entry)]
        rows.append([{"columns": 1, "rows": 1, "header": header} | cell for cell in cells])
    length = lambda text: float(text.removesuffix("mm"))
    return {
        "kind": "table",
        "widths": [length(width) for width in spec["widths"]],
        "height": length(spec["min_height"]),
        "padding": length(spec.get("padding", "1mm")),
        "rows": rows,
    }


def document(report, layout):
    tables = {spec["key"]: spec for spec in layout["tables"]}
    blocks = [{"kind": "paragraph", "text": text} for text in report["preamble"]]
    for number, section in zip("一二三四五六", layout["sections"]):
        blocks.append({"kind": "heading", "text": f"{number}、{section['title']}"})
        blocks += [{"kind": "paragraph", "text": text} for text in report["sections"].get(section["key"], [])]
        blocks += [table(tables[key], report["tables"][key]) for key in section.get("tables", [])]
    year, month, day = report["signature"]["date"].split("-")
    blocks.append({"kind": "signature", "text": report["issuer"]})
    blocks.append({"kind": "signature", "text": f"{year}年{int(month)}月{int(day)}日"})
    return {"title": f"{report['issuer']}{report['year']}年政府信息公开工作年度报告", "blocks": blocks}


if __name__ == "__main__":
    report, layout = map(pathlib.Path, sys.argv[1:])
    read = document(json.loads(report.read_text(encoding="utf-8")), tomllib.loads(layout.read_text(encoding="utf-8")))
    json.dump(read, sys.stdout, ensure_ascii=False)
