//! Tests of page images, which are measured, not compared by eye.

use image::GenericImageView;

use super::*;
use crate::{Exporter, Format, Options};

fn pdf() -> Vec<u8> {
    let body: Vec<String> = (0..60).map(|n| format!("第{n}段：政府信息公开，“样”2023年。")).collect();
    let report = serde_json::json!({
        "format": 1, "layout": "general-document", "issuer": "某某市人民政府办公室",
        "title": "关于样例的说明", "sections": [{ "body": body }],
    });
    let options = Options { formats: vec![Format::Pdf], ..Options::default() };
    let export = Exporter::new().export(report.to_string().as_bytes(), &options, &()).expect("exports");
    export.file(Format::Pdf).expect("was asked for").to_vec()
}

fn all() -> Selection {
    Selection::default()
}

#[test]
fn page_is_a_picture_of_its_size_with_ink_in_the_type_area_alone() {
    let pages = preview_pdf(&pdf(), 72, &all()).expect("draws");
    assert!(pages.len() > 1);
    for page in &pages {
        assert_eq!((page.width, page.height), (596, 842));
        assert_eq!(page.flaws, []);
        let picture = image::load_from_memory(&page.png).expect("is a PNG");
        assert_eq!(picture.dimensions(), (596, 842));
        let picture = picture.to_luma8();
        // 版心: 28 mm from the left, 26 mm from the right, 37 mm from the top; the page number is below it.
        let points = |mm: f64| (mm / 25.4 * 72.0) as u32;
        let inside =
            |x: u32, y: u32| x + 2 >= points(28.0) && x <= points(184.0) + 3 && y + 2 >= points(37.0);
        let mut ink = 0;
        for (x, y, luma) in picture.enumerate_pixels().filter(|(_, _, luma)| luma.0[0] < 128) {
            assert!(inside(x, y), "ink {luma:?} at {x}, {y} of page {}", page.number);
            ink += 1;
        }
        assert!(ink > 500, "{ink}");
    }
}

#[test]
fn same_pdf_gives_the_same_bytes() {
    let pdf = pdf();
    assert_eq!(preview_pdf(&pdf, 50, &all()), preview_pdf(&pdf, 50, &all()));
}

#[test]
fn pages_and_resolution_are_those_asked_for() {
    let pdf = pdf();
    let second = preview_pdf(&pdf, 100, &"2".parse().expect("a page")).expect("draws");
    assert_eq!(second.iter().map(|page| page.number).collect::<Vec<_>>(), [2]);
    assert_eq!((second[0].width, second[0].height), (827, 1170));
    let png = &second[0].png;
    let at = png.windows(4).position(|tag| tag == b"pHYs").expect("tells its resolution");
    assert_eq!(png[at + 4..at + 8], 3937u32.to_be_bytes());
    assert_eq!(preview_pdf(&pdf, 35, &all()), Err(PreviewError::Dpi(35)));
    assert_eq!(preview_pdf(&pdf, 601, &all()), Err(PreviewError::Dpi(601)));
    let count = preview_pdf(&pdf, 36, &all()).expect("draws").len();
    assert_eq!(
        preview_pdf(&pdf, 36, &"99".parse().expect("a page")),
        Err(PreviewError::NoPage { page: 99, count })
    );
}

#[test]
fn huge_pages_are_refused_before_anything_is_drawn() {
    let page = |side: u32| {
        format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {side} {side}]>>endobj\n\
             trailer<</Root 1 0 R>>\n%%EOF\n"
        )
    };
    assert_eq!(preview_pdf(page(72).as_bytes(), 72, &all()).map(|pages| pages.len()), Ok(1));
    let result = preview_pdf(page(14400).as_bytes(), 72, &all());
    assert_eq!(result, Err(PreviewError::Size { page: 1, width: 14400, height: 14400 }));
}

#[test]
fn broken_files_are_errors_and_never_panics() {
    assert_eq!(preview_pdf(b"", 72, &all()), Err(PreviewError::NotAPdf));
    assert_eq!(preview_pdf(b"{}", 72, &all()), Err(PreviewError::NotAPdf));
    assert_eq!(preview_pdf(b"%PDF-1.7\n", 72, &all()), Err(PreviewError::Damaged));
    let pdf = pdf();
    for part in 1..24 {
        // What can be recovered may be drawn; the test is that it terminates.
        let _ = preview_pdf(&pdf[..pdf.len() * part / 24], 36, &all());
    }
    let mut seed = 1u32;
    for _ in 0..24 {
        let mut damaged = pdf.clone();
        for _ in 0..64 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = seed as usize % damaged.len();
            damaged[at] ^= (seed >> 24) as u8;
        }
        let _ = preview_pdf(&damaged, 36, &all());
    }
}
