"""Typst: document.json → PDF, COUNT times. Prints the CPU seconds of a document after the first."""

import json
import sys
import tempfile
import time

import typst

SOURCE = """
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —")
#let latin = "Liberation Serif"
#set text(font: (latin, "Zhuque Fangsong (technical preview)", "Noto Serif SC"), size: 16pt, lang: "zh")
#set par(justify: true, leading: 13.6pt, spacing: 13.6pt, first-line-indent: (amount: 2em, all: true))
#let report = json("document.json")
#set document(title: report.title)
#align(center, text(size: 22pt, weight: "semibold", font: (latin, "Noto Serif SC"), report.title))
#show heading: it => text(size: 16pt, weight: "medium", font: (latin, "Noto Sans SC"), it)
#for block in report.blocks {
  if block.kind == "heading" { heading(level: 1, block.text) }
  else if block.kind == "paragraph" {
    let end = block.text.position("。")
    // （一） and its heading stand in 楷体.
    if block.text.starts-with("（") and end != none {
      par(text(font: (latin, "GwKaiGB"), block.text.slice(0, end)) + block.text.slice(end))
    } else { par(block.text) }
  }
  else if block.kind == "signature" { align(right, block.text) }
  else {
    set text(size: 9pt)
    set par(leading: 3pt, first-line-indent: 0pt)
    let head = block.rows.filter(row => row.first().header)
    let rest = block.rows.filter(row => not row.first().header)
    let cells(rows) = rows.flatten().map(cell =>
      table.cell(colspan: cell.columns, rowspan: cell.rows, align: center + horizon, cell.text))
    table(columns: block.widths.map(width => width * 1mm), rows: 6.5mm, inset: 2pt, stroke: 0.5pt,
      table.header(..cells(head)), ..cells(rest))
  }
}
"""


def vary(document, number):
    """Another report each time: the compiler keeps what it has laid out, and no two reports are alike."""
    for block in document["blocks"]:
        if "text" in block:
            block["text"] = block["text"].rstrip("0123456789") + str(number)
        for cell in (cell for row in block.get("rows", []) for cell in row if cell.get("figure")):
            cell["text"] = str(int(float(cell["text"])) + 1)


def main():
    path, output, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    fonts = sys.argv[4]
    with tempfile.TemporaryDirectory() as folder:
        source = f"{folder}/main.typ"
        with open(source, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        document = json.load(open(path, encoding="utf-8"))
        compiler = typst.Compiler(source, root=folder, font_paths=[fonts])
        began = 0.0
        for number in range(count):
            if number == 1:
                began = time.process_time()
            vary(document, number)
            with open(f"{folder}/document.json", "w", encoding="utf-8") as file:
                json.dump(document, file, ensure_ascii=False)
            pdf = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"])
        with open(output, "wb") as file:
            file.write(pdf)
    if count > 1:
        print((time.process_time() - began) / (count - 1))


main()
