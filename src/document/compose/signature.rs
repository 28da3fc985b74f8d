//! 署名、成文日期、印章、签名章.

use std::sync::Arc;

use super::Composer;
use super::styles;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, child, rule};
use crate::document::{BlockKind, Picture, Seal, Signature, SignatureKind, TableText};
use crate::geom::{Length, Size};
use crate::message;
use crate::report::{self, IssuerKind, Seals, Stamp};

/// An image of a seal may be higher than wide, or less high, by this share: a few pixels of a scan.
const ROUND: f64 = 0.03;

impl Composer<'_> {
    /// The signature block, if the report has one.
    pub(super) fn signature(&mut self) {
        let report = self.report;
        let Some(signature) = &report.signature else { return };
        let block = self.node("/signature");
        let composed = match &signature.stamp {
            Some(stamp) => self.stamped(signature, stamp),
            None => self.sealed(signature),
        };
        self.blocks.push(crate::document::Block::new(block, BlockKind::Signature(composed)));
    }

    fn sealed(&mut self, signature: &report::Signature) -> Signature {
        let report = self.report;
        let (names, place) = match &signature.signatories {
            Some(names) => (names, "/signature/signatories"),
            None => (&report.issuer, "/issuer"),
        };
        let signatories: Vec<TableText> =
            names.iter().enumerate().map(|(at, name)| self.table_text(name, &child(place, at))).collect();
        let date = signature.date.as_deref().and_then(|text| self.date(text));
        let seals = match &signature.seal {
            Some(seals) => self.seals(seals, &signatories),
            None => Vec::new(),
        };
        Signature { kind: SignatureKind::Seal, signatories, date, seals }
    }

    fn stamped(&mut self, signature: &report::Signature, stamp: &Stamp) -> Signature {
        let pointer = "/signature/stamp";
        if signature.seal.is_some() || signature.signatories.is_some() {
            self.error(
                rule::SIGNATURE_STAMP,
                pointer,
                message!("签名章不与署名、印章同用", "a stamp replaces signatories and seals"),
                Some(
                    message!(
                        "删去 signatories 和 seal，或删去 stamp",
                        "delete signatories and seal, or stamp"
                    )
                    .into(),
                ),
            );
        }
        let post = self.table_text(&stamp.post, &child(pointer, "post"));
        let width = stamp.width.as_ref().and_then(|text| self.seal_width(text, &child(pointer, "width")));
        let remove = stamp.remove_white;
        let image = child(pointer, "image");
        let picture = stamp.image.as_ref().and_then(|path| self.seal_picture(path, remove, &image));
        let [space_width, space_height] = self.layout.signature.stamp;
        let width = width.unwrap_or(space_width);
        let size = match &picture {
            Some(picture) => {
                Size::new(width, width.scale(f64::from(picture.height) / f64::from(picture.width)))
            }
            None => Size::new(width, space_height),
        };
        let alt = stamp.alt.clone().unwrap_or_else(|| format!("{}签名章", stamp.post));
        let alt = self.clean(&alt, pointer);
        let seal = Seal { id: self.node(pointer), picture, size, alt };
        let date = signature.date.as_deref().and_then(|text| self.date(text));
        Signature { kind: SignatureKind::Stamp, signatories: vec![post], date, seals: vec![seal] }
    }

    fn date(&mut self, text: &str) -> Option<TableText> {
        let pointer = "/signature/date";
        let Some(date) = Date::parse(text) else {
            self.bad_date(text, pointer);
            return None;
        };
        Some(TableText { id: self.node(pointer), text: date.chinese() })
    }

    fn seals(&mut self, seals: &Seals, signatories: &[TableText]) -> Vec<Seal> {
        let pointer = "/signature/seal";
        let given: Vec<(Option<&report::Seal>, String)> = match seals {
            Seals::Reserve(_) => signatories.iter().map(|_| (None, pointer.to_owned())).collect(),
            Seals::One(seal) => vec![(Some(seal), pointer.to_owned())],
            Seals::Many(seals) => {
                seals.iter().enumerate().map(|(at, seal)| (Some(seal), child(pointer, at))).collect()
            }
        };
        let (wanted, count) = (signatories.len(), given.len());
        if wanted != count {
            self.error(
                rule::SIGNATURE_SEALS,
                pointer,
                message!(
                    "有 {wanted} 个署名，{count} 枚印章",
                    "there are {wanted} signatories and {count} seals"
                ),
                Some(
                    message!("每个署名一枚印章，次序相同", "one seal a signatory, in the same order").into(),
                ),
            );
        }
        let mut finished = Vec::new();
        for ((seal, place), signatory) in given.into_iter().zip(signatories) {
            let diameter = seal.and_then(|seal| seal.diameter.as_ref());
            let diameter = diameter.and_then(|text| self.seal_width(text, &child(&place, "diameter")));
            let remove = seal.and_then(|seal| seal.remove_white);
            let image = child(&place, "image");
            let picture = seal.and_then(|seal| self.seal_picture(&seal.image, remove, &image));
            let alt =
                seal.and_then(|seal| seal.alt.clone()).unwrap_or_else(|| format!("{}印章", signatory.text));
            let alt = self.clean(&alt, &place);
            let diameter = diameter.unwrap_or_else(|| self.seal_diameter());
            let ratio = picture.as_ref().map_or(1.0, |p| f64::from(p.height) / f64::from(p.width));
            if (ratio - 1.0).abs() > ROUND {
                self.warn_of_oval_seal(ratio, &image);
            }
            let size = Size::new(diameter, diameter.scale(ratio));
            finished.push(Seal { id: self.node(&place), picture, size, alt });
        }
        finished
    }

    /// The width of a seal or a stamp, which has room beside what it is on.
    fn seal_width(&mut self, text: &str, pointer: &str) -> Option<Length> {
        let length = self.length(text, pointer)?;
        let most = styles::page(self.layout).type_width() / 2;
        if length > most {
            let most = most.to_mm().floor();
            let text = message!(
                "“{text}”的印章太大，不能宽过版心的一半（{most}mm）",
                "a seal of \"{text}\" is too large: at most half the width of the type area ({most}mm)"
            );
            self.error(rule::IMAGE_WIDTH, pointer, text, None);
            return None;
        }
        Some(length)
    }

    fn warn_of_oval_seal(&mut self, ratio: f64, pointer: &str) {
        let per_cent = (ratio * 100.0).round();
        let text = message!(
            "印章图片的高是宽的 {per_cent}%，不是圆的",
            "the image of the seal is not round: its height is {per_cent} % of its width"
        );
        let hint = message!(
            "裁去四周多余的部分，使高和宽相等",
            "crop what is around the seal, so that height and width are equal"
        );
        self.diagnostics.push(Diagnostic::warning(rule::IMAGE_SEAL, pointer, text).hint(hint));
    }

    /// The picture of a seal, its paper made transparent if `remove_white` is set. An opaque one is printed behind the
    /// text all the same; whether it is meant so, `remove_white` says.
    fn seal_picture(
        &mut self,
        path: &str,
        remove_white: Option<bool>,
        pointer: &str,
    ) -> Option<Arc<Picture>> {
        let picture = self.picture(path, pointer)?;
        match remove_white {
            Some(true) => match super::pictures::without_paper(&picture) {
                Some(picture) => return Some(Arc::new(picture)),
                None => {
                    let text = message!(
                        "图片的底不是近白色的纸，去不掉",
                        "the background of the image is no light paper, and cannot be removed"
                    );
                    let hint =
                        message!("换一幅白底或透明底的图片", "use an image on white or transparent ground");
                    self.diagnostics.push(Diagnostic::warning(rule::IMAGE_OPAQUE, pointer, text).hint(hint));
                }
            },
            None if super::pictures::is_opaque(&picture) => {
                let text = message!(
                    "印章图片的底不透明，印在文字下面时会看到一块底色",
                    "the image of the seal is opaque: its background shows behind the text"
                );
                let hint = message!(
                    "扫描的印章写 \"remove_white\": true，去掉纸色；确实要保留底色的，写 false",
                    "for a scanned seal write \"remove_white\": true, which removes the paper; write false to keep it"
                );
                self.diagnostics.push(Diagnostic::warning(rule::IMAGE_OPAQUE, pointer, text).hint(hint));
            }
            None | Some(false) => {}
        }
        Some(picture)
    }

    /// By the kind of the issuer: 国发〔1999〕25号.
    fn seal_diameter(&self) -> Length {
        let kind = self.report.issuer_kind;
        let key = IssuerKind::ALL.into_iter().find(|(_, known)| Some(*known) == kind).map(|(key, _)| key);
        let diameters = &self.layout.signature.seal_diameters;
        let default = diameters.get("default").copied().unwrap_or(Length::mm(42.0));
        key.and_then(|key| diameters.get(key)).copied().unwrap_or(default)
    }
}
