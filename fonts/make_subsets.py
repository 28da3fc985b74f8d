#!/usr/bin/env python3
"""Makes the subset fonts (*.P1.ttf) of this folder from the originals that README.md names.

P1 = GB2312 + the 8105 characters of the Table of General Standard Chinese
Characters (data/tgscc8105.txt) + the symbols official documents use.
Hinting and DSIG are dropped; the OpenType features listed in FEATURES stay.

    pip install fonttools
    make_subsets.py IN.ttf OUT.ttf [--rename "Family" --chinese "家族"]
"""
import argparse
import pathlib

from fontTools import subset

HERE = pathlib.Path(__file__).resolve().parent
FEATURES = ["ccmp", "locl", "fwid", "hwid", "halt", "vhal", "chws", "vchw",
            "palt", "vert", "vrt2", "lnum", "tnum", "kern", "mark"]
SYMBOL_RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x2C6, 0x2DC), (0x370, 0x3FF),
    (0x400, 0x45F), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF),
    (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x26FF),
    (0x2700, 0x27BF), (0x2E3A, 0x2E3B), (0x3000, 0x303F), (0x3040, 0x30FF),
    (0x3100, 0x312F), (0x31C0, 0x31E3), (0x3200, 0x33FF), (0xFE00, 0xFE02),
    (0xFE10, 0xFE1F), (0xFE30, 0xFE4F), (0xFE50, 0xFE6F), (0xFF00, 0xFFEF)]


def gb2312():
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield ord(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                pass


def p1():
    wanted = set(gb2312())
    wanted |= {ord(c) for c in (HERE / "data/tgscc8105.txt").read_text("utf-8") if not c.isspace()}
    for first, last in SYMBOL_RANGES:
        wanted |= set(range(first, last + 1))
    return wanted


def rename(font, family, chinese):
    """Gives the font new names; copyright and licence stay."""
    names = font["name"]
    version = font["name"].getDebugName(5).removeprefix("Version ").split(";")[0]
    names.names = [record for record in names.names if record.nameID in (0, 13, 14)]
    english = {1: family, 2: "Regular", 3: f"{family} Regular {version}-P1", 4: f"{family} Regular",
               5: f"Version {version}; subset P1", 6: family.replace(" ", "") + "-Regular",
               10: "Modified Version: subset (GB2312 + TGSCC 8105 + symbols), hinting removed, "
                   "renamed because of Reserved Font Names. OFL 1.1."}
    for id_, text in english.items():
        names.setName(text, id_, 3, 1, 0x409)
    for id_, text in {1: chinese, 2: "Regular", 4: chinese}.items() if chinese else ():
        names.setName(text, id_, 3, 1, 0x804)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--rename", help="new family name (needed where the OFL reserves the old one)")
    parser.add_argument("--chinese", help="the new family name in Chinese")
    args = parser.parse_args()

    options = subset.Options()
    options.hinting = False
    options.layout_features = FEATURES
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_bounds = False
    options.glyph_names = False
    options.legacy_kern = False
    options.prune_unicode_ranges = True
    options.drop_tables += ["DSIG", "meta", "gasp"]
    font = subset.load_font(args.source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=p1())
    subsetter.subset(font)
    if args.rename:
        rename(font, args.rename, args.chinese)
    subset.save_font(font, args.target, options)


if __name__ == "__main__":
    main()
