//! How long a report takes to become its files: with warm fonts in one process, and cold as a whole run of the command.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gongwen::{Exporter, Format, Options};
use serde_json::{Value, json};

const FORMATS: [(&str, &[Format]); 3] =
    [("pdf", &[Format::Pdf]), ("docx", &[Format::Docx]), ("both", &[Format::Pdf, Format::Docx])];

fn example() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/qingzhen-2023.json");
    serde_json::from_slice(&std::fs::read(path).expect("the example is there")).expect("JSON")
}

/// The example's prose over and over, with a table in every section: at least 60 pages.
fn sixty_pages() -> Value {
    let prose = example()["sections"]["overview"].as_array().expect("prose").clone();
    let rows: Vec<Value> = (1..=40)
        .map(|row| json!([format!("第{row}办公室"), row * 37 % 101, row * 53 % 997, "6858.05"]))
        .collect();
    let table = json!({ "table": { "header": [["单位", "受理（件）", "办结（件）", "金额（万元）"]], "rows": rows } });
    let body: Vec<Value> = prose.into_iter().chain([table]).collect();
    let sections: Vec<Value> = (0..17).map(|_| json!({ "title": "工作情况", "body": body })).collect();
    json!({
        "format": 1, "layout": "general-document", "issuer": "某某市人民政府", "title": "六十页的报告",
        "sections": sections, "signature": { "date": "2024-01-31" }
    })
}

fn warm(criterion: &mut Criterion) {
    let exporter = Exporter::new();
    for (name, report) in [("example", example()), ("60-pages", sixty_pages())] {
        let bytes = report.to_string();
        let options = |formats: &[Format]| Options { formats: formats.to_vec(), ..Options::default() };
        let pages = exporter.export(bytes.as_bytes(), &options(&[]), &()).expect("it is in order").pages;
        assert!(name == "example" || pages >= 60, "the long report has {pages} pages");
        let mut group = criterion.benchmark_group(format!("warm/{name}"));
        group.throughput(Throughput::Elements(pages as u64));
        for (files, formats) in FORMATS {
            let options = options(formats);
            group.bench_function(BenchmarkId::from_parameter(files), |bencher| {
                bencher.iter(|| {
                    let export = exporter.export(black_box(bytes.as_bytes()), &options, &());
                    export.expect("it is in order").files
                });
            });
        }
        // An exporter keeps the fonts that it has cut; a report with characters of its own has them cut anew.
        let fresh = || {
            let exporter = Exporter::new();
            exporter.export(bytes.as_bytes(), &options(&[]), &()).expect("it is in order");
            exporter
        };
        let both = options(&[Format::Pdf, Format::Docx]);
        group.bench_function(BenchmarkId::from_parameter("both, fonts cut"), |bencher| {
            let export = |exporter: Exporter| exporter.export(black_box(bytes.as_bytes()), &both, &());
            bencher.iter_batched(fresh, export, BatchSize::PerIteration);
        });
        group.finish();
    }
}

/// Start, fonts read, files written to disk, end.
fn cold(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut group = criterion.benchmark_group("cold");
    for (name, report) in [("example", example()), ("60-pages", sixty_pages())] {
        let path = folder.path().join(name).with_extension("json");
        std::fs::write(&path, report.to_string()).expect("writes");
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_gongwen"));
                let status =
                    command.args(["export", "--quiet"]).arg(&path).arg("-o").arg(folder.path()).status();
                assert!(status.expect("the command starts").success());
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(4));
    targets = warm, cold
}
criterion_main!(benches);
