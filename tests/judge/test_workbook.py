"""The workbook of `gongwen new --xlsx`, filled in by openpyxl, which keeps no results of formulas: read back exactly."""

import json
import os
import pathlib
import subprocess

import openpyxl
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"


def run(*arguments):
    return subprocess.run([GONGWEN, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("moved", [False, True])
def test_figures_come_back_exactly(tmp_path, moved):
    report = json.loads((ROOT / "examples/qingzhen-2023.json").read_text(encoding="utf-8"))
    tables = report.pop("tables")
    book, filled, prose = tmp_path / "figures.xlsx", tmp_path / "filled.xlsx", tmp_path / "report.json"
    run("new", report["layout"], "--xlsx", book)
    workbook = openpyxl.load_workbook(book)
    named, formulas = {}, 0
    for name, place in workbook.defined_names.items():
        _, table, row, _ = name.split(".")
        ((sheet, cell),) = place.destinations
        named.setdefault((table, row), []).append(workbook[sheet][cell.replace("$", "")])
    assert sum(map(len, named.values())) == 200
    for (table, row), cells in named.items():
        cells.sort(key=lambda cell: cell.column)
        for cell, value in zip(cells, tables[table][row], strict=True):
            if cell.data_type == "f":
                formulas += 1
            else:
                assert not cell.protection.locked
                cell.value = value
    assert formulas == 25 + 6 + 3
    assert {"（三）不予公开", "法人或其他组织"} <= {cell.value for cells in workbook["requests"].rows for cell in cells}
    if moved:
        workbook.move_sheet("litigation", -2)
    workbook.save(filled)
    prose.write_text(json.dumps(report), encoding="utf-8")
    assert json.loads(run("check", prose, "--figures", filled, "--fill"))["tables"] == tables
