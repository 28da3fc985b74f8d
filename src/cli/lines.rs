//! Reports one a line: NDJSON, from a file or standard input.
//!
//! Only the current line is in memory, and none longer than a report may be.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::message;
use crate::options::Limits;

use super::{Failure, files};

/// Whether to continue with the next report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Continue,
    Stop,
}

/// Whether a file is NDJSON by its ending.
pub fn is_ndjson(input: &Path) -> bool {
    let ending = input.extension().unwrap_or_default();
    ending.eq_ignore_ascii_case("ndjson") || ending.eq_ignore_ascii_case("jsonl")
}

/// What the input is called in results.
pub fn name(input: &Path) -> String {
    if input == Path::new("-") { "stdin".to_owned() } else { input.display().to_string() }
}

/// Calls `next` with each line and its number from 1; empty lines are skipped, but counted. A line that is longer than a
/// report may be is a failure of its own.
///
/// # Errors
/// An input that cannot be read.
pub fn each(
    input: &Path,
    limits: &Limits,
    mut next: impl FnMut(u64, Result<Vec<u8>, Failure>) -> Flow,
) -> Result<Flow, Failure> {
    let mut reader: Box<dyn BufRead> = if input == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = files::open(input).map_err(|error| files::unreadable(input, &error))?;
        files::note_input(input);
        Box::new(BufReader::new(file))
    };
    for line in 1_u64.. {
        let mut bytes = Vec::new();
        let limit = limits.report_bytes as u64 + 2;
        let read = reader.by_ref().take(limit).read_until(b'\n', &mut bytes);
        if read.map_err(|error| files::unreadable(input, &error))? == 0 {
            break;
        }
        let whole = bytes.last() == Some(&b'\n') || (bytes.len() as u64) < limit;
        if !whole {
            skip_line(&mut reader).map_err(|error| files::unreadable(input, &error))?;
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let report = if whole {
            Ok(bytes)
        } else {
            let size = limits.report_bytes >> 20;
            Err(Failure::file(message!("这一行超过 {size} MiB", "the line is larger than {size} MiB")))
        };
        if next(line, report) == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Continue)
}

/// Reads to the end of the line, and discards it.
fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (read, found) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        reader.consume(read);
        if found || read == 0 {
            return Ok(());
        }
    }
}
