//! Arranging: a document gets all that needs fonts but no pages. Titles are broken into lines, the name in a letterhead
//! is fitted, columns and cells of tables get their widths, sizes and insets, and the lines of a signature their places.
//!
//! Every writer takes the result, so that no two of them measure the same text.

mod carry;
pub(crate) mod chart;
mod columns;
mod contents;
mod cover;
mod metrics;
mod names;
mod sides;
mod signature;
mod table;
mod title;

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::diagnostic::{Diagnostic, rule};
use crate::document::{Block, BlockKind, Document, NodeId, Position, Shown};
use crate::font::Fonts;
use crate::geom::Length;
use crate::message;
use crate::style::{Face, Family, Role};
use chart::Plot;
use metrics::Metrics;

pub(crate) use signature::{Placement, Row};

/// An arranged document: it reads as the document that it was made of.
#[derive(Clone, Debug)]
pub(crate) struct Arranged {
    document: Document,
    signatures: BTreeMap<NodeId, Placement>,
    charts: BTreeMap<NodeId, Plot>,
}

impl Arranged {
    /// The places of a signature's lines and seals; `block` is the block of the signature.
    pub fn signature(&self, block: NodeId) -> &Placement {
        &self.signatures[&block]
    }

    /// A chart as it is drawn; `block` is the block of its illustration.
    pub fn chart(&self, block: NodeId) -> &Plot {
        &self.charts[&block]
    }

    /// The same document with its lines of text this far apart.
    pub fn with_line_pitch(&self, pitch: Length, fonts: &Fonts) -> Arranged {
        let mut document = self.document.clone();
        let old = document.page.line_pitch;
        document.page.line_pitch = pitch;
        // The type area and a clear distance are counted from characters: margins and gaps grow by the leading that the
        // lines beside them lose.
        let lost = old - pitch;
        document.page.margin_top += lost / 2;
        document.page.margin_bottom += lost / 2;
        for style in document.styles.0.values_mut() {
            let is_body = style.line_pitch == old;
            let beside = if is_body { lost } else { lost / 2 };
            for gap in [&mut style.space_before, &mut style.space_after] {
                if *gap > Length::ZERO {
                    *gap = (*gap + beside).max(Length::ZERO);
                }
            }
            if is_body {
                style.line_pitch = pitch;
            }
        }
        for block in &mut document.blocks {
            if let Position::Gap(gap) = &mut block.position {
                *gap = (*gap + lost).max(Length::ZERO);
            }
        }
        let signatures = signatures(&document, fonts);
        Arranged { document, signatures, charts: self.charts.clone() }
    }

    /// The same document that asks for other fonts in Word.
    pub fn with_families(&self, families: BTreeMap<Face, Family>) -> Arranged {
        let document = Document { families, ..self.document.clone() };
        Arranged { document, signatures: self.signatures.clone(), charts: self.charts.clone() }
    }
}

impl Deref for Arranged {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.document
    }
}

/// Arranges a document. Warnings are about tables whose figures do not fit.
pub(crate) fn arrange(mut document: Document, fonts: &Fonts) -> (Arranged, Vec<Diagnostic>) {
    title::fit_organ(&mut document, fonts);
    title::break_titles(&mut document, fonts);
    cover::place(&mut document);
    contents::break_entries(&mut document, fonts);
    names::break_names(&mut document, fonts);
    sides::part(&mut document, fonts);
    carry::carry_columns(&mut document, fonts);
    let mut found = tables(&mut document, fonts);
    let signatures = signatures(&document, fonts);
    let charts = charts(&mut document, fonts, &mut found);
    (Arranged { document, signatures, charts }, found)
}

fn signatures(document: &Document, fonts: &Fonts) -> BTreeMap<NodeId, Placement> {
    let above = std::iter::once(None).chain(document.blocks.iter().map(Some));
    let signatures = document.blocks.iter().zip(above).filter_map(|(block, above)| match &block.kind {
        BlockKind::Signature(signature) => {
            let mut placement = signature::place(signature, document, fonts);
            if above.is_some_and(Block::ends_without_leading) {
                placement.move_down(document.styles.get(Role::Body).leading());
            }
            Some((block.id, placement))
        }
        _ => None,
    });
    signatures.collect()
}

/// Arranges every chart. Its illustration gets its height.
fn charts(document: &mut Document, fonts: &Fonts, found: &mut Vec<Diagnostic>) -> BTreeMap<NodeId, Plot> {
    let mut plots = BTreeMap::new();
    let mut blocks = std::mem::take(&mut document.blocks);
    for block in &mut blocks {
        if let BlockKind::Illustration(illustration) = &mut block.kind
            && let Shown::Chart(chart) = &illustration.shown
        {
            let tallest = document.geometry(block.orientation).type_height().scale(chart::TALLEST);
            let (plot, leaves_out) = chart::arrange(chart, illustration.size, tallest, document, fonts);
            if leaves_out {
                let every = plot.every;
                let text = message!(
                    "横轴上的名称排不下，每 {every} 个印一个",
                    "the names along the axis have no room: one in {every} is printed"
                );
                let hint = message!("少选几项，或写短一些", "choose fewer, or make them shorter");
                found.push(
                    Diagnostic::warning(rule::CHART_CROWDED, document.place(block.id), text).hint(hint),
                );
            }
            illustration.size = plot.size;
            plots.insert(block.id, plot);
        }
    }
    document.blocks = blocks;
    plots
}

/// Arranges every table.
fn tables(document: &mut Document, fonts: &Fonts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut blocks = std::mem::take(&mut document.blocks);
    let mut metrics = Metrics::new(fonts, document.text.han_latin_gap);
    for block in &mut blocks {
        if let BlockKind::Table(table) = &mut block.kind {
            let room = document.geometry(block.orientation).type_width();
            found.extend(table::arrange(table, room, document, &mut metrics));
        }
    }
    document.blocks = blocks;
    found
}
