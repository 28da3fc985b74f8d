"""Writes a report of nothing but Han characters: full lines and full pages, to be counted.

    plain.py REPORT.json
"""

import json
import pathlib
import sys

CHARACTERS = "国家机关办公厅政府信息公开工作年度报告主动依申请条例规定要求部门单位人民群众服务"


def report() -> dict:
    paragraph = (CHARACTERS * 60)[:2000]
    return {
        "format": 1,
        "layout": "general-document",
        "issuer": "某某市人民政府",
        "title": "每行字数和每页行数",
        "sections": [{"body": [paragraph, paragraph]}],
    }


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_text(json.dumps(report(), ensure_ascii=False), encoding="utf-8")
