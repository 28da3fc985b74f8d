//! Reports mutated at random: each gives files or a clear refusal, and never a panic.

use gongwen::{AssetError, Assets};
use gongwen::{ExportError, Exporter, Format, Options};

/// Small numbers from a seed, the same on every machine (an LCG of Knuth's).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// The images of the examples.
struct Examples;

impl Assets for Examples {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        let path = format!("{}/examples/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).map_err(|_| AssetError::Missing)
    }
}

/// What is put into a report: syntax, figures, text that is hard to set.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-1",
    "1e9",
    "0.000000001",
    "99999999999999999999",
    "\"\"",
    "\"auto\"",
    "\"/\"",
    "\"—— …… “”‘’（（（））））。。。，，，\"",
    "\"https://例.example/很长/很长?a=b&c=d#e\"",
    "\"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十\"",
    "\"a b  c\\u00a0d\"",
    "{\"text\": 1, \"columns\": 3, \"rows\": 2}",
    "{\"list\": []}",
    "{\"table\": {\"rows\": [[1, 2], [3]]}}",
    "\"䶮𬭚㛃𠅤\\u0301\\uFE01\"",
];

#[test]
fn mutated_reports_never_panic() {
    let exporter = Exporter::new();
    let mut numbers = Numbers(20_240_131);
    let (mut made, mut refused) = (0, 0);
    for name in ["qingzhen-2023", "every-block", "notice", "letter", "statistical-communique"] {
        let path = format!("{}/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let report = std::fs::read_to_string(path).expect("an example");
        let characters: Vec<char> = report.chars().collect();
        for _ in 0..150 {
            let mut twisted = characters.clone();
            for _ in 0..=numbers.below(2) {
                let at = numbers.below(twisted.len());
                let end = (at + numbers.below(12)).min(twisted.len());
                let piece = PIECES[numbers.below(PIECES.len())];
                // A whole value half of the time, so that more than the syntax is tried.
                if numbers.below(4) > 0
                    && let Some(start) = twisted[at..].iter().position(|c| matches!(c, ':' | '['))
                    && let Some(length) =
                        twisted[at + start + 1..].iter().position(|c| matches!(c, ',' | '}' | ']'))
                {
                    let first = at + start + 1;
                    twisted.splice(first..first + length, piece.chars());
                } else {
                    twisted.splice(at..end, piece.chars());
                }
            }
            let text: String = twisted.into_iter().collect();
            match exporter.export(text.as_bytes(), &Options::default(), &Examples) {
                Ok(export) => {
                    made += 1;
                    let pdf = export.file(Format::Pdf).expect("a PDF");
                    assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF\n"), "{text}");
                }
                Err(error) => {
                    refused += 1;
                    let ExportError::Rejected(rejected) = error else { panic!("{error}: {text}") };
                    assert!(
                        rejected.findings.iter().all(|found| found.position.is_some()),
                        "{rejected}: {text}"
                    );
                }
            }
        }
    }
    assert!(made > 10 && refused > 100, "{made} made, {refused} refused");
}
