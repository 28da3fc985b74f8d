//! One `Exporter` serves all threads, and every thread gets the same bytes: `cargo run --example many_threads`.

#![expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "an example prints what it did")]

use std::time::Instant;

use gongwen::{Exporter, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = std::fs::read("examples/qingzhen-2023.json")?;
    let exporter = Exporter::new();
    let (threads, each) = (std::thread::available_parallelism()?.get(), 10);
    let first = exporter.export(&report, &Options::default(), &())?;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..each {
                    let export = exporter.export(&report, &Options::default(), &());
                    assert!(export.is_ok_and(|export| export.files == first.files), "the same bytes");
                }
            });
        }
    });
    let (count, seconds) = (threads * each, start.elapsed().as_secs_f64());
    println!("{count} reports by {threads} threads: {:.0} a second", count as f64 / seconds);
    Ok(())
}
