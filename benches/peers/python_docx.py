"""python-docx: document.json → DOCX, COUNT times. Prints the CPU seconds of a document after the first."""

import json
import sys
import time

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt


def table(document, block):
    rows, columns = len(block["rows"]), len(block["widths"])
    made = document.add_table(rows=rows, cols=columns, style="Table Grid")
    covered = [[False] * columns for _ in range(rows)]
    for at, row in enumerate(block["rows"]):
        column = 0
        for cell in row:
            while covered[at][column]:
                column += 1
            for below in range(cell["rows"]):
                for beside in range(cell["columns"]):
                    covered[at + below][column + beside] = True
            place = made.cell(at, column)
            if cell["rows"] > 1 or cell["columns"] > 1:
                place = place.merge(made.cell(at + cell["rows"] - 1, column + cell["columns"] - 1))
            run = place.paragraphs[0].add_run(cell["text"])
            run.font.size = Pt(9)
            column += cell["columns"]


def make(read):
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.add_heading(read["title"], 0)
    for block in read["blocks"]:
        if block["kind"] == "table":
            table(document, block)
        elif block["kind"] == "heading":
            document.add_heading(block["text"], 1)
        else:
            paragraph = document.add_paragraph()
            paragraph.add_run(block["text"]).font.size = Pt(16)
            if block["kind"] == "signature":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return document


def main():
    path, output, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    read = json.load(open(path, encoding="utf-8"))
    began = 0.0
    for number in range(count):
        if number == 1:
            began = time.process_time()
        make(read).save(output)
    if count > 1:
        print((time.process_time() - began) / (count - 1))


main()
