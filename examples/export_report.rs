//! A report becomes its PDF and its Word file: `cargo run --example export_report`.

#![expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "an example prints what it did")]

use gongwen::{Exporter, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = std::fs::read("examples/qingzhen-2023.json")?;
    let export = Exporter::new().export(&report, &Options::default(), &())?;
    for (format, bytes) in &export.files {
        let path = std::env::temp_dir().join("qingzhen-2023").with_extension(format.extension());
        std::fs::write(&path, bytes)?;
        println!("{}: {} pages of {}", path.display(), export.pages, export.title);
    }
    Ok(())
}
