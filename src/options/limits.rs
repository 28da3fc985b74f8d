//! Limits on what is read. They count work and never time, so that an input is refused on every machine or on
//! none.

/// The most that is read of one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a report.
    pub report_bytes: usize,
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
    /// Cells of a workbook.
    pub cells: usize,
    /// Bytes that a workbook unpacks to.
    pub workbook_bytes: usize,
    /// Bytes of one picture's file, or of another file that a report names.
    pub image_bytes: usize,
    /// Pixels of one picture: an A4 page at 600 dpi has 35 million.
    pub image_pixels: u64,
    /// Pixels of all pictures of a report.
    pub all_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            report_bytes: 32 << 20,
            file_bytes: 256 << 20,
            inflated_bytes: 256 << 20,
            pdf_bytes: 1 << 30,
            pdf_objects: 1_000_000,
            parts: 4096,
            cells: 200_000,
            workbook_bytes: 64 << 20,
            image_bytes: 32 << 20,
            image_pixels: 40_000_000,
            all_pixels: 200_000_000,
        }
    }
}
