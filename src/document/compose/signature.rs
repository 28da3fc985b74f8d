//! 署名、成文日期、印章.

use super::Composer;
use crate::diagnostic::child;
use crate::document::{BlockKind, Date, Seal, Signature, TableText};
use crate::geom::Length;
use crate::message;
use crate::report::{self, IssuerKind, Seals};

impl Composer<'_> {
    /// The signature block, if the report has one.
    pub(super) fn signature(&mut self) {
        let report = self.report;
        let Some(signature) = &report.signature else { return };
        let (names, place) = match &signature.signatories {
            Some(names) => (names, "/signature/signatories"),
            None => (&report.issuer, "/issuer"),
        };
        let block = self.node("/signature");
        let signatories: Vec<TableText> =
            names.iter().enumerate().map(|(at, name)| self.table_text(name, &child(place, at))).collect();
        let date = signature.date.as_deref().and_then(|text| self.date(text));
        let seals = match &signature.seal {
            Some(seals) => self.seals(seals, &signatories),
            None => Vec::new(),
        };
        let kind = BlockKind::Signature(Signature { signatories, date, seals });
        self.blocks.push(crate::document::Block { id: block, kind });
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
                "signature.seals",
                pointer,
                message!(
                    "有 {wanted} 个署名，{count} 枚印章",
                    "there are {wanted} signatories and {count} seals"
                ),
                Some(message!("每个署名一枚印章，次序相同", "one seal a signatory, in the same order")),
            );
        }
        let mut finished = Vec::new();
        for ((seal, place), signatory) in given.into_iter().zip(signatories) {
            let diameter = seal.and_then(|seal| seal.diameter.as_ref());
            let diameter = diameter.and_then(|text| self.length(text, &child(&place, "diameter")));
            let picture = seal.and_then(|seal| self.picture(&seal.image, &child(&place, "image")));
            let alt =
                seal.and_then(|seal| seal.alt.clone()).unwrap_or_else(|| format!("{}印章", signatory.text));
            let alt = self.clean(&alt, &place);
            let diameter = diameter.unwrap_or_else(|| self.seal_diameter());
            finished.push(Seal { id: self.node(&place), picture, diameter, alt });
        }
        finished
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
