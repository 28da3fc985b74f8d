// docx (npm): document.json → DOCX, COUNT times. Prints the CPU seconds of a document after the first.
//
// Styles, fonts, header rows, least heights and the footers with PAGE are those that gongwen's file has.
import { readFileSync, writeFileSync } from "node:fs";
import {
  AlignmentType, BorderStyle, Document, Footer, HeadingLevel, HeightRule, Packer, PageNumber, Paragraph, Table, TableCell,
  TableLayoutType, TableRow, TextRun, VerticalAlign, WidthType,
} from "docx";

const [path, output, count] = process.argv.slice(2);
const fonts = (eastAsia) => ({ ascii: "Times New Roman", hAnsi: "Times New Roman", cs: "Times New Roman", eastAsia });
const twips = (millimetres) => Math.round(millimetres * 56.693);
const exact = (line) => ({ line, lineRule: "exact", before: 0, after: 0 });

const style = (id, name, size, face, paragraph) => ({
  id, name, basedOn: "Normal", quickFormat: true, run: { size, font: fonts(face) }, paragraph,
});
const styles = {
  default: {
    document: { run: { size: 32, font: fonts("仿宋_GB2312"), language: { value: "en-US", eastAsia: "zh-CN" } } },
    title: {
      run: { size: 44, font: fonts("方正小标宋简体") },
      paragraph: { alignment: AlignmentType.CENTER, spacing: exact(712), outlineLevel: 0 },
    },
    heading1: {
      run: { size: 32, font: fonts("黑体"), color: "000000" },
      paragraph: { spacing: exact(592), indent: { firstLine: 630 }, keepNext: true },
    },
  },
  paragraphStyles: [
    style("Body", "正文段落", 32, "仿宋_GB2312", {
      alignment: AlignmentType.BOTH, spacing: exact(592), indent: { firstLine: 630 },
    }),
    style("Signature", "署名", 32, "仿宋_GB2312", { alignment: AlignmentType.RIGHT, spacing: exact(592) }),
    style("TableHead", "表头", 21, "黑体", { alignment: AlignmentType.CENTER, spacing: exact(280) }),
    style("TableText", "表格文字", 21, "宋体", { alignment: AlignmentType.CENTER, spacing: exact(280) }),
    style("PageNumber", "页码", 28, "宋体", { spacing: exact(480) }),
  ],
  characterStyles: [{ id: "Kai", name: "楷体", basedOn: "DefaultParagraphFont", run: { font: fonts("楷体_GB2312") } }],
};

function table(block) {
  const padding = twips(block.padding);
  const row = (cells) =>
    new TableRow({
      tableHeader: cells[0].header,
      cantSplit: true,
      height: { value: twips(block.height), rule: HeightRule.ATLEAST },
      children: cells.map(
        (cell) =>
          new TableCell({
            columnSpan: cell.columns,
            rowSpan: cell.rows,
            verticalAlign: VerticalAlign.CENTER,
            children: [
              new Paragraph({ style: cell.header ? "TableHead" : "TableText", children: [new TextRun(cell.text)] }),
            ],
          }),
      ),
    });
  const widths = block.widths.map(twips);
  const line = { style: BorderStyle.SINGLE, size: 4, color: "000000" };
  return new Table({
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    width: { size: widths.reduce((a, b) => a + b), type: WidthType.DXA },
    margins: { left: padding, right: padding, marginUnitType: WidthType.DXA },
    borders: { top: line, bottom: line, left: line, right: line, insideHorizontal: line, insideVertical: line },
    rows: block.rows.map(row),
  });
}

function child(block) {
  if (block.kind === "table") return table(block);
  if (block.kind === "heading")
    return new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun(block.text)] });
  if (block.kind === "signature") return new Paragraph({ style: "Signature", children: [new TextRun(block.text)] });
  // （一） and its heading stand in 楷体.
  const end = block.text.startsWith("（") ? block.text.indexOf("。") : -1;
  const runs =
    end < 0
      ? [new TextRun(block.text)]
      : [new TextRun({ text: block.text.slice(0, end), style: "Kai" }), new TextRun(block.text.slice(end))];
  return new Paragraph({ style: "Body", children: runs });
}

const footer = (alignment) =>
  new Footer({
    children: [
      new Paragraph({
        style: "PageNumber", alignment, children: [new TextRun({ children: ["— ", PageNumber.CURRENT, " —"] })],
      }),
    ],
  });

const document = JSON.parse(readFileSync(path, "utf8"));
let began = 0;
for (let number = 0; number < Number(count); number++) {
  if (number === 1) began = process.cpuUsage();
  const title = new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(document.title)] });
  const empty = new Paragraph({ style: "Body", children: [] });
  const page = {
    size: { width: 11906, height: 16838 },
    margin: { top: 1960, bottom: 1847, left: 1587, right: 1474, footer: 1300 },
  };
  const made = new Document({
    title: document.title,
    creator: "gongwen benches",
    styles,
    evenAndOddHeaderAndFooters: true,
    sections: [
      {
        properties: { page },
        footers: { default: footer(AlignmentType.RIGHT), even: footer(AlignmentType.LEFT) },
        children: [title, empty, ...document.blocks.map(child)],
      },
    ],
  });
  const bytes = await Packer.toBuffer(made);
  if (number + 1 === Number(count)) writeFileSync(output, bytes);
}
if (count > 1) {
  const used = process.cpuUsage(began);
  console.log((used.user + used.system) / 1e6 / (count - 1));
}
