"""Writes the fonts that the fuzzer begins with, drawn here: fuzz/make_fonts.py (needs fonttools).

Each has a few glyphs: one family that a face of the standard looks for, one with outlines of cubic curves, one for a
character that no other font has, and a collection of two.
"""

import io
import pathlib

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

FOLDER = pathlib.Path(__file__).resolve().parent / "seeds" / "font"


def font(family, characters, cubic=False):
    names = [".notdef", *(f"g{ord(character):x}" for character in characters)]
    build = FontBuilder(1000, isTTF=not cubic)
    build.setupGlyphOrder(names)
    build.setupCharacterMap({ord(character): name for character, name in zip(characters, names[1:])})
    glyphs = {}
    for name in names:
        pen = T2CharStringPen(1000, None) if cubic else TTGlyphPen(None)
        pen.moveTo((100, 0))
        for corner in [(100, 700), (900, 700), (900, 0)]:
            pen.lineTo(corner)
        pen.closePath()
        glyphs[name] = pen.getCharString() if cubic else pen.glyph()
    if cubic:
        build.setupCFF(family, {"FullName": family}, glyphs, {})
    else:
        build.setupGlyf(glyphs)
    build.setupHorizontalMetrics({name: (1000, 100) for name in names})
    build.setupHorizontalHeader(ascent=880, descent=-120)
    build.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    build.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    build.setupPost()
    build.font["head"].created = build.font["head"].modified = 0
    bytes = io.BytesIO()
    build.font.recalcTimestamp = False
    build.font.save(bytes)
    return bytes.getvalue()


made = {
    "fangsong.ttf": font("FangSong", "甲乙题一二 ，。12"),
    "cubic.ttf": font("SimHei", "甲乙题一二 ，。12", cubic=True),
    "other.ttf": font("Other", "\U00020021\U0002a6d7"),
}
collection = TTCollection()
collection.fonts = [TTFont(io.BytesIO(made[name])) for name in ("fangsong.ttf", "other.ttf")]
whole = io.BytesIO()
collection.save(whole)
made["both.ttc"] = whole.getvalue()
for name, bytes in made.items():
    (FOLDER / name).write_bytes(bytes)
