//! 署名, 成文日期, 印章 and 签名章 of a report that is made from a Word file.
//!
//! A stamp, and space that is kept for seals, are known by the gaps above the lines.

use std::sync::Arc;

use serde_json::{Value, json};

use super::changes::iso;
use super::image::Image;
use super::measured::{self, is_near, millimetres};
use super::skeleton::{text_of, texts_of};
use super::word::Block;
use crate::geom::Length;
use crate::layout::Layout;
use crate::style::Role;

/// 署名, 成文日期, and the pictures of seals or of a stamp.
pub(super) fn signature(report: &mut Value, blocks: &[Block], issuers: &[String], layout: &Arc<Layout>) {
    /// A stamp has this much room above the date, which is on its seal otherwise.
    const STAMP_ABOVE_DATE_MM: f64 = 3.0;
    /// No seal is larger, unless somebody pulled at it.
    const LARGEST_MM: f64 = 150.0;
    /// In a signature without a date the foot of a stamp is above that of its line.
    const STAMP_FOOT_MM: f64 = 8.0;
    let names: Vec<&str> = texts_of(blocks, Role::Signatory).collect();
    let date = text_of(blocks, Role::Date).and_then(iso);
    if names.is_empty() && date.is_none() {
        return;
    }
    let seals = blocks.iter().filter_map(|block| match block {
        Block::Seal(image) if !image.path.is_empty() => Some(image),
        _ => None,
    });
    let seals = in_order(seals.collect());
    let gap_above = |wanted: Role| {
        let is_it = |block: &Block| matches!(block, Block::Paragraph { role, .. } if *role == wanted);
        let above = &blocks[..blocks.iter().position(is_it).unwrap_or(0)];
        let gaps = above.iter().rev().map_while(|block| match block {
            Block::Gap(gap) => Some(*gap),
            _ => None,
        });
        gaps.max().unwrap_or(Length::ZERO)
    };
    let is_stamp = names.len() == 1
        && match (&date, &seals[..]) {
            (Some(_), [] | [_]) => gap_above(Role::Date) > Length::mm(STAMP_ABOVE_DATE_MM),
            (None, [seal]) => seal.foot.is_some_and(|foot| foot < Length::mm(STAMP_FOOT_MM)),
            _ => false,
        };
    let mut signature = json!({});
    if let Some(date) = date {
        signature["date"] = json!(date);
    }
    let spec = &layout.signature;
    let drawn = |seal: &Image, alt: String, key: &str, usual: Length| {
        let mut drawn = json!({ "image": seal.path });
        if let Some(own) = seal.alt.as_ref().filter(|own| **own != alt) {
            drawn["alt"] = json!(own);
        }
        let is_possible = seal.width >= Length::mm(1.0) && seal.width <= Length::mm(LARGEST_MM);
        if is_possible && !is_near(seal.width, usual) {
            drawn[key] = json!(millimetres(seal.width));
        }
        drawn
    };
    if is_stamp {
        let post = names[0];
        signature["stamp"] = match seals.first() {
            Some(seal) => drawn(seal, format!("{post}签名章"), "width", spec.stamp[0]),
            None => json!({}),
        };
        signature["stamp"]["post"] = json!(post);
    } else {
        if !names.iter().eq(issuers.iter()) {
            signature["signatories"] = json!(names);
        }
        let usual = spec.seal_diameters.get("default").copied().unwrap_or(Length::ZERO);
        let pairs = seals.iter().zip(&names);
        let own: Vec<Value> =
            pairs.map(|(seal, name)| drawn(seal, format!("{name}印章"), "diameter", usual)).collect();
        if !own.is_empty() && seals.len() == names.len() {
            signature["seal"] = match <[Value; 1]>::try_from(own) {
                Ok([one]) => one,
                Err(several) => json!(several),
            };
        } else if seals.is_empty() {
            reserve(report, &mut signature, gap_above(Role::Signatory), layout);
        }
    }
    report["signature"] = signature;
}

/// Seals in the order of their names: by rows, and in these from the left. LibreOffice writes them in another order.
fn in_order(mut seals: Vec<&Image>) -> Vec<&Image> {
    /// Two rows are further apart.
    const APART_MM: f64 = 20.0;
    seals.sort_by_key(|seal| seal.foot);
    let is_in_row = |one: &&Image, other: &&Image| match (one.foot, other.foot) {
        (Some(one), Some(other)) => other - one < Length::mm(APART_MM),
        (one, other) => one == other,
    };
    for row in seals.chunk_by_mut(is_in_row) {
        row.sort_by_key(|seal| seal.left);
    }
    seals
}

/// The space of seals without a picture is known by the gap above the names.
fn reserve(report: &mut Value, signature: &mut Value, gap: Length, layout: &Arc<Layout>) {
    if gap == Length::ZERO {
        return;
    }
    let bare = signature.clone();
    let with = |seal: Option<&str>, kind: Option<&str>| {
        let mut signature = bare.clone();
        if let Some(seal) = seal {
            signature["seal"] = json!(seal);
        }
        let mut own = json!({
            "format": 1, "layout": layout.id, "issuer": report["issuer"], "title": "题", "preamble": ["文。"],
            "signature": signature,
        });
        if let Some(kind) = kind {
            own["issuer_kind"] = json!(kind);
        }
        let away = measured::gap_above_signature(&own, layout).map(|own| (own - gap).abs());
        away.unwrap_or(Length::mm(1000.0))
    };
    let reserved = with(Some("reserve"), None);
    if with(None, None) <= reserved {
        return;
    }
    signature["seal"] = json!("reserve");
    // A seal of another size belongs to another kind of issuer.
    let kinds = ["government", "province"];
    let nearest = kinds.into_iter().map(|kind| (with(Some("reserve"), Some(kind)), kind)).min();
    if let Some((_, kind)) = nearest.filter(|(away, _)| *away + Length::mm(1.0) < reserved) {
        report["issuer_kind"] = json!(kind);
    }
}
