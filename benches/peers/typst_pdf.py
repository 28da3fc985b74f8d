"""Typst: document.json → PDF, COUNT times. Prints the CPU seconds of a document after the first."""

import json
import sys
import tempfile
import time

import typst

# The page of GB/T 9704: 22 lines of 28 characters, 29.6 pt from line to line, page numbers outside.
SOURCE = """
#let latin = "Liberation Serif"
#let song = (latin, "Noto Serif SC")
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), footer-descent: 7mm,
  footer: context {
    let number = counter(page).get().first()
    align(if calc.odd(number) { right } else { left }, text(size: 14pt, font: "Noto Serif SC")[— #number —])
  })
#set text(font: (latin, "Zhuque Fangsong (technical preview)", "Noto Serif SC"), size: 16pt, lang: "zh", region: "CN",
  tracking: -0.2pt, top-edge: 0.8em, bottom-edge: -0.2em)
#set par(justify: true, leading: 13.6pt, spacing: 13.6pt, first-line-indent: (amount: 2em, all: true))
#let report = json("document.json")
#set document(title: report.title)
#{
  set par(justify: false, first-line-indent: 0pt)
  align(center, block(width: 75%, text(size: 22pt, weight: "semibold", font: song, report.title)))
}
#v(29.6pt)
#show heading: it => block(above: 13.6pt, below: 13.6pt, h(2em) + text(size: 16pt, weight: "medium",
  font: (latin, "Noto Sans SC"), it.body))
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
    // 五号, 14 pt from line to line; a row of one line has the least height of the layout.
    set text(size: 10.5pt, tracking: 0pt, font: song)
    set par(leading: 3.5pt, spacing: 3.5pt, justify: false, first-line-indent: 0pt)
    let head = block.rows.filter(row => row.first().header)
    let rest = block.rows.filter(row => not row.first().header)
    let cells(rows) = rows.flatten().map(cell =>
      table.cell(colspan: cell.columns, rowspan: cell.rows, align: center + horizon, cell.text))
    table(columns: block.widths.map(width => width * 1mm),
      inset: (x: block.padding * 1mm, y: (block.height * 1mm - 10.5pt) / 2), stroke: 0.5pt,
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


def compiled(compiler, folder, document):
    """The PDF of a document; the compiler reads it from its folder."""
    with open(f"{folder}/document.json", "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)
    return compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"])


def compiler(folder, fonts):
    source = f"{folder}/main.typ"
    with open(source, "w", encoding="utf-8") as file:
        file.write(SOURCE)
    return typst.Compiler(source, root=folder, font_paths=[fonts])


def main():
    path, output, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    fonts = sys.argv[4]
    with tempfile.TemporaryDirectory() as folder:
        document = json.load(open(path, encoding="utf-8"))
        program = compiler(folder, fonts)
        began = 0.0
        for number in range(count):
            if number == 1:
                began = time.process_time()
            vary(document, number)
            pdf = compiled(program, folder, document)
        with open(output, "wb") as file:
            file.write(pdf)
    if count > 1:
        print((time.process_time() - began) / (count - 1))


if __name__ == "__main__":
    main()
