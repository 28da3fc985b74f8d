//! Conformance levels that a PDF may state: ISO 19005-2 and -3 (PDF/A), ISO 14289-1 (PDF/UA).
//!
//! Every file is made the same way, tags included; the level decides only what the file claims, and whether
//! it may have embedded files.

/// A conformance level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conformance {
    /// PDF/A-2a and PDF/UA-1.
    A2aUa1,
    /// PDF/A-3a and PDF/UA-1: may have embedded files of any kind.
    A3aUa1,
    /// PDF/A-2b: the visual appearance is preserved.
    A2b,
    /// PDF/A-2u: as 2b, and the text can be searched and copied.
    A2u,
}

impl Conformance {
    /// All levels.
    pub const ALL: [Conformance; 4] =
        [Conformance::A2aUa1, Conformance::A3aUa1, Conformance::A2b, Conformance::A2u];

    /// Its name in manifests and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Conformance::A2aUa1 => "a-2a+ua-1",
            Conformance::A3aUa1 => "a-3a+ua-1",
            Conformance::A2b => "a-2b",
            Conformance::A2u => "a-2u",
        }
    }

    /// The level of this name.
    pub fn parse(name: &str) -> Option<Conformance> {
        Conformance::ALL.into_iter().find(|level| level.name() == name)
    }

    /// Whether a file of this level may have embedded files that are not PDF/A themselves: ISO 19005-2, 6.8.
    pub fn holds_files(self) -> bool {
        self == Conformance::A3aUa1
    }

    /// Part and level of ISO 19005.
    pub(crate) fn archive(self) -> (u8, char) {
        match self {
            Conformance::A2aUa1 => (2, 'A'),
            Conformance::A3aUa1 => (3, 'A'),
            Conformance::A2b => (2, 'B'),
            Conformance::A2u => (2, 'U'),
        }
    }

    /// Whether it states PDF/UA-1.
    pub(crate) fn is_accessible(self) -> bool {
        match self {
            Conformance::A2aUa1 | Conformance::A3aUa1 => true,
            Conformance::A2b | Conformance::A2u => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Conformance;

    #[test]
    fn names_are_read_back() {
        assert!(Conformance::ALL.into_iter().all(|level| Conformance::parse(level.name()) == Some(level)));
        assert_eq!(Conformance::parse("a-1b"), None);
    }
}
