//! Limits on what is read. They count work and never time, so that an input is refused on every machine or on
//! none.

/// The most that is read of one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a report.
    pub report_bytes: usize,
    /// Values of a report: numbers, texts, lists, objects.
    pub values: usize,
    /// Paragraphs, headings, lists, tables and pictures of the texts of a report.
    pub paragraphs: usize,
    /// Characters of one text of a report, such as a paragraph.
    pub characters: usize,
    /// References `{{ … }}` of a report.
    pub references: usize,
    /// Bytes of a document that is read: PDF, Word.
    pub file_bytes: usize,
    /// Decompressed bytes of all compressed parts of one document together.
    pub inflated_bytes: usize,
    /// Bytes that are read of one PDF, counting what is read twice.
    pub pdf_bytes: usize,
    /// Objects of a PDF, and the numbers that it gives to objects.
    pub pdf_objects: usize,
    /// Parts of a Word file. Word's own have some dozens, and one more for every picture.
    pub parts: usize,
    /// Bytes of the XML of a Word file, decompressed.
    pub xml_bytes: usize,
    /// Elements, attributes and texts of the XML of a Word file.
    pub xml_nodes: usize,
    /// Cells of a workbook.
    pub cells: usize,
    /// Bytes that a workbook unpacks to.
    pub workbook_bytes: usize,
    /// Bytes of one picture's file, or of another file that a report names.
    pub image_bytes: usize,
    /// Pixels of one picture: an A4 page at 600 dpi has 35 million.
    pub image_pixels: u64,
    /// Pixels of all pictures of a report; those of 16 bits a channel count as two.
    pub all_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits::times(1)
    }
}

impl Limits {
    /// Ten times of everything, for work that is known to be large.
    pub fn large() -> Limits {
        Limits::times(10)
    }

    /// So many times the usual limits.
    fn times(factor: usize) -> Limits {
        let pixels = factor as u64;
        Limits {
            report_bytes: factor * (32 << 20),
            values: factor * 600_000,
            paragraphs: factor * 50_000,
            characters: factor * 500_000,
            references: factor * 20_000,
            file_bytes: factor * (256 << 20),
            inflated_bytes: factor * (256 << 20),
            pdf_bytes: factor.saturating_mul(1 << 30),
            pdf_objects: factor * 1_000_000,
            parts: factor * 4096,
            xml_bytes: factor * (128 << 20),
            xml_nodes: factor * 2_000_000,
            cells: factor * 200_000,
            workbook_bytes: factor * (64 << 20),
            image_bytes: factor * (32 << 20),
            image_pixels: pixels * 40_000_000,
            all_pixels: pixels * 80_000_000,
        }
    }
}
