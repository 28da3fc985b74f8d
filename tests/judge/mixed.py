"""Writes a report of some 200 pages of mixed prose, to find a line that begins or ends with what none may.

    mixed.py REPORT.json EXAMPLE.json…

Sentences of the examples, and made ones that put every mark beside every kind of neighbour, in an order that a fixed
seed decides: the pages are the same on every machine.
"""

import json
import pathlib
import random
import sys

HAN = "国家机关办公厅政府信息公开工作年度报告主动依申请条例规定要求部门单位人民群众服务镕堃喆媖㼆頔龑䶮㛃𠅤𬭚"
PAIRS = ["（）", "《》", "〈〉", "“”", "‘’", "「」", "【】", "〔〕"]
MARKS = ["，", "。", "、", "；", "：", "？", "！", "……", "——", "·"]
OTHERS = [
    "2023年",
    "58.6%",
    "〔2023〕12号",
    "①",
    "⑳",
    "300㎡",
    "GDP",
    "https://www.example.gov.cn/zwgk/2023/index.html",
    "zwgk@example.gov.cn",
    "520181200001012345",
    "37℃",
    "COVID-19",
    "“十四五”",
    "《政府信息公开条例（2019年修订）》",
]
CHARACTERS_A_PAGE = 22 * 28


def words(source: random.Random) -> str:
    return "".join(source.choice(HAN) for _ in range(source.randint(1, 9)))


def sentence(source: random.Random) -> str:
    parts = [words(source)]
    for _ in range(source.randint(2, 9)):
        kind = source.random()
        if kind < 0.35:
            opening, closing = source.choice(PAIRS)
            parts.append(f"{opening}{words(source)}{closing}")
        elif kind < 0.6:
            parts.append(source.choice(MARKS))
        else:
            parts.append(source.choice(OTHERS))
        # Marks often stand side by side: 》（ 。” ）、
        if source.random() < 0.6:
            parts.append(words(source))
    return "".join(parts) + source.choice(["。", "？", "！", "；", "……", "。”"])


def strings(value) -> list:
    """The sentences of a report's prose."""
    if isinstance(value, str):
        return [value] if len(value) > 20 and "\n" not in value else []
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for child in children for text in strings(child)]


def report(examples: list, pages: int) -> dict:
    source = random.Random(9704)
    real = [text for example in examples for text in strings(example.get("sections", []))]
    body, characters = [], 0
    # Short last lines, and all that is not an em wide: a tenth more.
    while characters < pages * CHARACTERS_A_PAGE * 1.1:
        count = source.randint(1, 12)
        paragraph = [source.choice(real) if source.random() < 0.1 else sentence(source) for _ in range(count)]
        body.append("".join(paragraph))
        characters += len(body[-1])
    return {
        "format": 1,
        "layout": "general-document",
        "issuer": "某某市人民政府",
        "title": "混排文字",
        "sections": [{"body": body}],
    }


if __name__ == "__main__":
    target, *examples = map(pathlib.Path, sys.argv[1:])
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(examples)]
    target.write_text(json.dumps(report(read, 200), ensure_ascii=False), encoding="utf-8")
