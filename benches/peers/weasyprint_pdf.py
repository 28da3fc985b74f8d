"""WeasyPrint: document.json → PDF, COUNT times. Prints the CPU seconds of a document after the first."""

import html
import json
import sys
import time

import weasyprint

STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm }
body { font: 16pt/29.6pt "Liberation Serif", "Zhuque Fangsong (technical preview)", "Noto Serif SC"; text-align: justify }
h1 { font-size: 22pt; text-align: center } h2 { font-size: 16pt }
p { text-indent: 2em; margin: 0 } .signature { text-align: right }
table { border-collapse: collapse; font-size: 9pt; line-height: 12pt } td, th { border: .5pt solid; text-align: center }
"""


def block(read):
    text = html.escape(read.get("text", ""))
    if read["kind"] == "heading":
        return f"<h2>{text}</h2>"
    if read["kind"] != "table":
        return f"<p class={read['kind']}>{text}</p>"
    tag = lambda cell: "th" if cell["header"] else "td"
    cell = lambda c: f"<{tag(c)} colspan={c['columns']} rowspan={c['rows']}>{html.escape(c['text'])}</{tag(c)}>"
    row = lambda cells: "<tr>" + "".join(map(cell, cells)) + "</tr>"
    head = "".join(row(cells) for cells in read["rows"] if cells[0]["header"])
    rest = "".join(row(cells) for cells in read["rows"] if not cells[0]["header"])
    return f"<table><thead>{head}</thead><tbody>{rest}</tbody></table>"


def page(read):
    body = f"<h1>{html.escape(read['title'])}</h1>" + "".join(map(block, read["blocks"]))
    return f"<html lang=zh><style>{STYLE}</style><body>{body}"


def written(read, output=None):
    """The PDF, as bytes where no file is named."""
    return weasyprint.HTML(string=page(read)).write_pdf(output, pdf_variant="pdf/a-2b")


def main():
    path, output, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    read = json.load(open(path, encoding="utf-8"))
    began = 0.0
    for number in range(count):
        if number == 1:
            began = time.process_time()
        written(read, output)
    if count > 1:
        print((time.process_time() - began) / (count - 1))


if __name__ == "__main__":
    main()
