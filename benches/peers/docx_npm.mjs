// docx (npm): document.json → DOCX, COUNT times. Prints the CPU seconds of a document after the first.
import { readFileSync, writeFileSync } from "node:fs";
import {
  AlignmentType, Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun, WidthType,
} from "docx";

const [path, output, count] = process.argv.slice(2);
const font = { ascii: "Times New Roman", hAnsi: "Times New Roman", eastAsia: "仿宋_GB2312" };
const run = (text, size) => new TextRun({ text, size, font });

function table(block) {
  const row = (cells) =>
    new TableRow({
      tableHeader: cells[0].header,
      cantSplit: true,
      children: cells.map(
        (cell) =>
          new TableCell({
            columnSpan: cell.columns,
            rowSpan: cell.rows,
            children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [run(cell.text, 18)] })],
          }),
      ),
    });
  const widths = block.widths.map((width) => Math.round(width * 56.69));
  return new Table({
    columnWidths: widths,
    width: { size: widths.reduce((a, b) => a + b), type: WidthType.DXA },
    rows: block.rows.map(row),
  });
}

function child(block) {
  const line = { line: 592, lineRule: "exact" };
  if (block.kind === "table") return table(block);
  if (block.kind === "heading")
    return new Paragraph({ heading: HeadingLevel.HEADING_1, spacing: line, children: [run(block.text, 32)] });
  if (block.kind === "signature")
    return new Paragraph({ alignment: AlignmentType.RIGHT, spacing: line, children: [run(block.text, 32)] });
  return new Paragraph({
    alignment: AlignmentType.BOTH, spacing: line, indent: { firstLine: 630 }, children: [run(block.text, 32)],
  });
}

const document = JSON.parse(readFileSync(path, "utf8"));
let began = 0;
for (let number = 0; number < Number(count); number++) {
  if (number === 1) began = process.cpuUsage();
  const title = new Paragraph({ alignment: AlignmentType.CENTER, children: [run(document.title, 44)] });
  const page = { size: { width: 11906, height: 16838 }, margin: { top: 1960, bottom: 1847, left: 1587, right: 1474 } };
  const made = new Document({
    sections: [{ properties: { page }, children: [title, ...document.blocks.map(child)] }],
  });
  const bytes = await Packer.toBuffer(made);
  if (number + 1 === Number(count)) writeFileSync(output, bytes);
}
if (count > 1) {
  const used = process.cpuUsage(began);
  console.log((used.user + used.system) / 1e6 / (count - 1));
}
