//! The most bytes of a request, by what it brings.

use std::fmt;
use std::str::FromStr;

/// A number of bytes, written `500000`, `64K`, `64KiB`, `4M`, `4MiB` or `1G`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub usize);

/// A text that is no size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a size; write 4M")]
pub struct SizeError;

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Size, SizeError> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let shift = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kib" => 10,
            "m" | "mib" => 20,
            "g" | "gib" => 30,
            _ => return Err(SizeError),
        };
        let number: usize = number.parse().map_err(|_| SizeError)?;
        let bytes = number.checked_mul(1 << shift).ok_or(SizeError)?;
        if bytes == 0 { Err(SizeError) } else { Ok(Size(bytes)) }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1 << 20 && bytes % (1 << 20) == 0 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 && bytes % (1 << 10) == 0 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} B"),
        }
    }
}

/// The most bytes of each kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Of a report in JSON, as the body, as a part or as a line of a batch.
    pub report: usize,
    /// Of any other body: a file, or a form with a report, its pictures and its workbook.
    pub body: usize,
}

impl Sizes {
    /// The usual ones, or the one that was asked for.
    pub fn new(asked: Option<Size>) -> Sizes {
        match asked {
            Some(Size(bytes)) => Sizes { report: bytes, body: bytes },
            None => Sizes { report: 4 << 20, body: 32 << 20 },
        }
    }

    /// The most bytes of the bodies of all requests together.
    pub fn together(self) -> usize {
        (2 * self.body.max(self.report)).max(64 << 20)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        for (text, bytes) in [("1", 1), ("64K", 64 << 10), ("4MiB", 4 << 20), ("2g", 2 << 30)] {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
        for wrong in ["", "M", "0", "-1", "4 M", "4T", "1e3", "99999999999999999999G"] {
            assert_eq!(wrong.parse::<Size>(), Err(SizeError), "{wrong}");
        }
        assert_eq!(Size(4 << 20).to_string(), "4 MiB");
        assert_eq!(Size(1500).to_string(), "1500 B");
    }
}
