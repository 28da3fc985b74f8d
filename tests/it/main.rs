//! The program from outside: the built command on files, and its documents read by other readers.
//!
//! Every test asserts. `cargo test` needs no program beside Rust: tests that ask poppler are named `poppler_…` and run by
//! `scripts/test`, campaigns of minutes are named `every_…` and run by `scripts/test --long`.

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "tests measure time, ask the environment what to update, and print what they counted"
)]

mod archive;
mod bad_input;
mod batch;
mod beside;
mod charts;
mod check;
mod command;
mod content;
mod diff;
mod docs;
mod earlier;
mod embed;
mod export;
mod extract;
mod failures;
mod figures;
mod fix;
mod fonts_preview;
mod footnotes;
mod forged;
mod generate;
mod hashes;
mod identities;
mod import;
mod joint;
mod kinds;
mod layouts;
mod limits;
mod mutations;
mod order;
mod output;
#[cfg(unix)]
mod pipes;
mod pki;
mod prose;
mod readers;
mod reports;
mod rules;
mod schema;
mod seeds;
mod serve;
mod show;
mod sign;
mod silence;
mod standard;
mod tables;
mod tamper;
mod terminal;
mod verdicts;
