//! The licences of the program and of the fonts in it, as `gongwen licenses` prints them.

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "fonts/licenses/"]
struct Texts;

/// The fonts in the binary: file, family, and the file of its licence.
const FONTS: [(&str, &str, &str); 7] = [
    ("ZhuqueFangsong-Regular.ttf", "Zhuque Fangsong 朱雀仿宋", "ZhuqueFangsong-OFL.txt"),
    ("NotoSerifSC-SemiBold.P1.ttf", "Noto Serif SC SemiBold", "NotoSerifSC-OFL.txt"),
    ("NotoSerifSC-Regular.ttf", "Noto Serif SC", "NotoSerifSC-OFL.txt"),
    ("NotoSansSC-Medium.P1.ttf", "Noto Sans SC Medium", "NotoSansSC-OFL.txt"),
    ("GwKaiGB-Regular.P1.ttf", "Gw Kai GB (from LXGW WenKai GB Lite)", "LXGWWenKaiGBLite-OFL.txt"),
    ("LiberationSerif-Regular.ttf", "Liberation Serif", "LiberationSerif-OFL.txt"),
    ("LiberationSerif-Bold.ttf", "Liberation Serif Bold", "LiberationSerif-OFL.txt"),
];

/// The licence of the fonts in the binary, all of which have the same.
pub(super) const LICENSE: &str = "SIL Open Font License 1.1";

/// The list of fonts with their licences, then every text once.
pub fn licenses() -> String {
    let mut text = String::from("gongwen: MIT OR Apache-2.0\n\n");
    text.push_str(include_str!("../../LICENSE-MIT"));
    text.push_str("\nFonts in the program / 程序内的字体:\n");
    let mut shown: Vec<&str> = Vec::new();
    for (file, family, license) in FONTS {
        text.push_str(&format!("  {file}: {family} ({LICENSE}, {license})\n"));
        if !shown.contains(&license) {
            shown.push(license);
        }
    }
    for license in shown {
        if let Some(file) = Texts::get(license) {
            text.push_str(&format!(
                "\n---- {license} ----\n\n{}\n",
                String::from_utf8_lossy(&file.data).trim_end()
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_font_has_its_licence() {
        for (_, _, license) in FONTS {
            assert!(Texts::get(license).is_some(), "{license}");
        }
        let shipped = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts")).expect("lists");
        let shipped = shipped.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        for file in shipped.filter(|name| name.ends_with(".ttf")) {
            assert!(FONTS.iter().any(|(known, ..)| *known == file), "{file}");
        }
        assert!(licenses().contains("SIL OPEN FONT LICENSE"));
    }
}
