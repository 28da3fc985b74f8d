//! The pages of a report or of a PDF as pictures, and where each value of a report is on them.

use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Shared;
use super::body::{self, Drawn, Input};
use super::log::Issuer;
use super::problem::Problem;
use super::query::Query;
use super::reports::json;
use crate::engine::ValueBox;
use crate::geom::Length;
use crate::hash::sha256;
use crate::preview::{self, PageImage, PreviewError, Selection};
use crate::{Beside, Diagnostic, Exporter, Format, Options, message};

/// Pixels an inch of the command.
const DPI: u32 = 100;
/// The most pixels an inch: more serves no screen.
const MOST_DPI: u32 = 300;
/// The most pages of one answer.
const MOST_PAGES: usize = 50;
/// The most pixels of a page: A3 at 300 dpi has 17 million. A page is drawn in four bytes a pixel.
const MOST_PIXELS: u64 = 20_000_000;

#[derive(Serialize)]
struct Answer {
    pages: Vec<PageAnswer>,
    /// What could not be drawn.
    findings: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct PageAnswer {
    page: usize,
    sha256: String,
    width: u32,
    height: u32,
    /// Absent where the caller has the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    png: Option<String>,
    boxes: Vec<BoxAnswer>,
}

/// In pixels of the picture.
#[derive(Serialize)]
struct BoxAnswer {
    pointer: String,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// What is asked for.
struct Asked {
    pages: Selection,
    dpi: u32,
    /// The pictures that the caller has.
    known: Vec<String>,
}

/// `POST /v1/preview`
pub async fn preview(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let dpi = |text: &str| text.parse().ok().filter(|dpi| (36..=MOST_DPI).contains(dpi));
    let asked = Asked {
        pages: query.parsed("pages", "1-3,5", |text| text.parse().ok())?.unwrap_or_default(),
        dpi: query.parsed("dpi", "36–300", dpi)?.unwrap_or(DPI),
        known: query
            .text("known")
            .map(|text| text.split(',').map(str::to_owned).collect())
            .unwrap_or_default(),
    };
    let layout = query.text("layout");
    query.finish()?;
    let worker = app.clone();
    match body::report_or_pdf(&app, request).await? {
        Drawn::Report(input) => {
            let parcel = input.parcel();
            let work = move || {
                let options = Options {
                    formats: vec![Format::Pdf],
                    layout,
                    figures: input.figures.clone(),
                    ..Options::default()
                };
                report(&worker.exporter, &input, &options, &asked)
            };
            app.answer(parcel, work).await
        }
        Drawn::Pdf(_) if layout.is_some() => Err(Problem::request(message!(
            "PDF 不用参数 layout",
            "a PDF has no use for the parameter layout"
        ))),
        Drawn::Pdf(held) => {
            let parcel = held.parcel();
            let work = move || Ok(json(&pdf(&held.bytes, &[], &asked)?));
            app.answer(Some(parcel), work).await
        }
    }
}

fn report(exporter: &Exporter, input: &Input, options: &Options, asked: &Asked) -> Result<Response, Problem> {
    let beside = Beside { previous: input.previous.as_deref(), ..Beside::default() };
    let (export, boxes) = exporter.export_with_boxes(&input.report, options, &beside, &input.files)?;
    let answer = pdf(export.file(Format::Pdf).unwrap_or_default(), &boxes, asked)?;
    let mut response = json(&answer);
    response.extensions_mut().insert(Issuer(export.report.issuer.join("、")));
    Ok(response)
}

/// The pages of a PDF; `boxes` are those of each of its pages, if it is that of a report.
fn pdf(pdf: &[u8], boxes: &[Vec<ValueBox>], asked: &Asked) -> Result<Answer, Problem> {
    let count = preview::pages(pdf).map_or(0, |pages| asked.pages.of(pages).map_or(0, |wanted| wanted.len()));
    if count > MOST_PAGES {
        return Err(Problem::request(message!(
            "一次最多画 {MOST_PAGES} 页，这里有 {count} 页；用 pages 分几次要",
            "{MOST_PAGES} pages are drawn at once, these are {count}; ask for some of them by pages"
        )));
    }
    let images = preview::preview_pdf_within(pdf, asked.dpi, &asked.pages, MOST_PIXELS).map_err(|error| {
        let message = error.message();
        match error {
            PreviewError::NotAPdf
            | PreviewError::Damaged
            | PreviewError::Encrypted
            | PreviewError::Work(_) => Problem::file(message),
            PreviewError::Dpi(_) | PreviewError::NoPage { .. } | PreviewError::Size { .. } => {
                Problem::request(message)
            }
        }
    })?;
    let findings = images.iter().flat_map(PageImage::findings).collect();
    let pages = images.into_iter().map(|image| {
        let boxes = boxes.get(image.number - 1).map_or(&[][..], Vec::as_slice);
        page(image, boxes, asked)
    });
    Ok(Answer { pages: pages.collect(), findings })
}

fn page(image: PageImage, boxes: &[ValueBox], asked: &Asked) -> PageAnswer {
    let sha256 = sha256(&image.png);
    let is_known = asked.known.contains(&sha256);
    let png = (!is_known).then(|| format!("data:image/png;base64,{}", STANDARD.encode(&image.png)));
    let pixels = |length: Length| (length.to_pt() * f64::from(asked.dpi) / 72.0 * 10.0).round() / 10.0;
    let boxes = boxes.iter().map(|value| BoxAnswer {
        pointer: value.pointer.clone(),
        x: pixels(value.left),
        y: pixels(value.top),
        width: pixels(value.right - value.left),
        height: pixels(value.bottom - value.top),
    });
    PageAnswer {
        page: image.number,
        sha256,
        width: image.width,
        height: image.height,
        png,
        boxes: boxes.collect(),
    }
}
