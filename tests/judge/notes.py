"""Documents of footnotes: notes.py FOLDER.

`notes` has them in paragraphs, headings, lists and cells, upright and on a turned page; one has no room on its page, and
one is on the page of the 版记. `many` has more than there are numbers in circles, and one of several pages.
"""

import json
import pathlib
import sys


def sentences(count):
    return "".join(f"第{number}句说明统计口径、数据来源和计算方法，供阅读正文时参考。" for number in range(1, count + 1))


def note(text):
    return {"note": text}


def paragraphs(count):
    for number in range(1, count + 1):
        before = f"第{number}段说明本年度各项工作的进展情况，全年完成投资2023万元"
        after = "，比上年增长，各项指标继续保持在合理区间，社会大局总体稳定。"
        yield [before, note(f"第{number}条注，数据来源于统计快报，见 https://www.example.gov.cn/{number} 。"), after]


def document(count, long):
    body = [
        *paragraphs(count),
        {"heading": ["（一）带注的标题", note("标题的注。")], "level": 2},
        ["（二）另一个标题。", note("接排标题的注。"), "后面的文字。"],
        {"list": [["第一项", note("列表项的注。"), "的说明。"], "第二项的说明。"]},
        {
            "table": {
                "caption": "表1　带注的表",
                "header": [["项目", "数量"]],
                "rows": [
                    ["甲", {"text": ["12", note("含上年结转数。")]}],
                    [{"text": ["乙", note("含非独立核算单位。")]}, "5.5"],
                    ["丙", 3],
                ],
            }
        },
        ["补充说明的文字", note(sentences(long)), "。"],
        *["没有注的文字。" * 3] * 40,
    ]
    wide = {
        "caption": "表2　横排的表",
        "orientation": "landscape",
        "header": [["项目", *[f"指标{number}" for number in range(1, 9)]]],
        "rows": [
            [{"text": [f"第{row}行", note(f"横排的表第{row}行的注。")]}, *[row * column for column in range(1, 9)]]
            for row in range(1, 3)
        ],
    }
    return {
        "format": 1,
        "layout": "notice",
        "issuer": "样例市发展和改革局",
        "title": "样例市发展和改革局关于脚注的通知",
        "letterhead": {"organ": "样例市发展和改革局文件"},
        "addressee": "各有关单位：",
        "preamble": ["前言的文字。", *body, {"table": wide}, ["最后一段文字", note("与版记同页的注。"), "。"]],
        "signature": {"date": "2024-01-31"},
        "metadata": {"document_number": "样发改〔2024〕1号"},
        "colophon": {"copies_to": ["市委办公室"], "printed_by": "样例市发展和改革局办公室", "printed_on": "2024-01-31"},
    }


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name, count, long in [("notes", 9, 20), ("many", 24, 120)]:
        text = json.dumps(document(count, long), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
