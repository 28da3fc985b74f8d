//! A font of the user's: in a folder, for a face of the standard and for a character that no other font has.
#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use gongwen::{Exporter, Fonts, Gate, Options};
use libfuzzer_sys::fuzz_target;

/// A folder of this process alone.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("gongwen-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("is writable");
        folder
    })
}

fuzz_target!(|bytes: &[u8]| {
    let name = if bytes.starts_with(b"ttcf") { "a.ttc" } else { "a.ttf" };
    let path = folder().join(name);
    std::fs::write(&path, bytes).expect("is writable");
    let found = Fonts::search(Some(folder()), false);
    let (fonts, notices) = found.expect("the folder is readable");
    let report = "{ \"format\": 1, \"layout\": \"general-document\", \"title\": \"题\", \"issuer\": \"甲\",
        \"preamble\": [\"甲乙，\u{20021}\u{2a6d7}12。\", { \"heading\": \"一二\" }] }";
    let options = Options { gate: Gate::AllowErrors, ..Options::default() };
    let exporter = Exporter::new().with_fonts(fonts, notices);
    let _ = exporter.export(report.as_bytes(), &options, &());
    let _ = exporter.font_use(report.as_bytes(), &options, &());
    drop(exporter);
    std::fs::remove_file(path).expect("is writable");
});
