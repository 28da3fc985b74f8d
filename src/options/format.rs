//! Output formats.

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Portable Document Format: ISO 32000.
    Pdf,
    /// Office Open XML, as Word and WPS read it: ISO/IEC 29500.
    Docx,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 2] = [Format::Pdf, Format::Docx];

    /// The ending of the file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Docx => "docx",
        }
    }

    /// Its name in options and results.
    pub fn name(self) -> &'static str {
        self.extension()
    }

    /// The format of this name.
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The media type: RFC 6838.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Pdf => "application/pdf",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn names_are_read_back() {
        assert!(Format::ALL.into_iter().all(|format| Format::parse(format.name()) == Some(format)));
        assert_eq!(Format::parse("PDF"), None);
    }
}
