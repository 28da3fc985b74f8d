//! Pictures of a Word file of this program: illustrations, and the seals behind the text of a signature.
//!
//! A report that is made from the file names them as the folder beside it will have them; what cannot be decoded has no
//! name, and is told as having no place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assets::{AssetError, Assets};
use crate::document::picture;
use crate::geom::Length;
use crate::import::assemble::PICTURES;
use crate::options::Limits;
use crate::xml::Element;

use super::word::Block;

/// A picture as the file shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// What it is known by: the place of its element in memory.
    pub key: usize,
    /// Its file, if the Word file holds one.
    pub bytes: Option<Arc<[u8]>>,
    /// 替代文本.
    pub alt: Option<String>,
    /// How wide it is drawn.
    pub width: Length,
    /// From the left edge of the text to its own, if it is placed so.
    pub left: Length,
    /// From the top of its paragraph to its foot, if it is placed so.
    pub foot: Option<Length>,
    /// Its path in the report; empty where it cannot be used.
    pub path: String,
}

/// The pictures of a paragraph, in their order. `files` are those of the package by relationship.
pub(super) fn read(paragraph: &Element, files: &BTreeMap<String, Arc<[u8]>>) -> Vec<Image> {
    let mut found = Vec::new();
    collect(paragraph, files, &mut found);
    found
}

fn collect(element: &Element, files: &BTreeMap<String, Arc<[u8]>>, found: &mut Vec<Image>) {
    for child in element.elements() {
        match &*child.name {
            "w:drawing" | "w:pict" => found.extend(image(child, files)),
            // What is drawn a second time for older programs, and what is deleted.
            "mc:Fallback" | "w:del" | "w:moveFrom" | "w:pPr" | "w:rPr" => {}
            _ => collect(child, files, found),
        }
    }
}

/// The picture of a drawing; none if it is something else.
fn image(drawing: &Element, files: &BTreeMap<String, Arc<[u8]>>) -> Option<Image> {
    let mut image = Image {
        key: std::ptr::from_ref(drawing).addr(),
        bytes: None,
        alt: None,
        width: Length::ZERO,
        left: Length::ZERO,
        foot: None,
        path: String::new(),
    };
    let (mut is_picture, mut top, mut height) = (false, None, Length::ZERO);
    /// Longer than any page, in EMU.
    const MOST: i64 = 1 << 36;
    let number = |text: &str| text.trim().parse::<i64>().ok().map(|emu| emu.clamp(-MOST, MOST));
    let mut left = vec![drawing];
    while let Some(element) = left.pop() {
        match &*element.name {
            "wp:docPr" => {
                let alt = element.attribute("descr").filter(|text| !text.trim().is_empty());
                image.alt = alt.map(|alt| alt.replace(char::is_control, " "));
            }
            "wp:extent" => {
                let side = |name| element.attribute(name).and_then(number).map(Length::emu);
                image.width = side("cx").unwrap_or_default();
                height = side("cy").unwrap_or_default();
            }
            "wp:positionH" => {
                let offset = element.find("wp:posOffset").and_then(|offset| number(&offset.own_text()));
                image.left = offset.map(Length::emu).unwrap_or_default();
            }
            "wp:positionV" if element.attribute("relativeFrom") == Some("paragraph") => {
                let offset = element.find("wp:posOffset");
                top = offset.and_then(|offset| number(&offset.own_text())).map(Length::emu);
            }
            "a:blip" | "v:imagedata" if !is_picture => {
                is_picture = true;
                let id = element.attribute("r:embed").or_else(|| element.attribute("r:id"));
                image.bytes = id.and_then(|id| files.get(id)).cloned();
            }
            _ => {}
        }
        left.extend(element.elements());
    }
    image.foot = top.map(|top| top + height);
    is_picture.then_some(image)
}

/// The pictures of a file by the paths that a report names them by.
#[derive(Clone, Debug, Default)]
pub(super) struct Album(BTreeMap<String, Arc<[u8]>>);

impl Album {
    /// Names the pictures of these blocks: each file once, those alone that a report may have. A picture counts wherever it
    /// stands, and is decoded once.
    pub fn of(blocks: &mut [Block], limits: &Limits) -> Album {
        let mut album = Album::default();
        let mut own_pixels: BTreeMap<String, Option<u64>> = BTreeMap::new();
        let mut pixels = 0;
        for block in blocks {
            let (Block::Image(image) | Block::Seal(image)) = block else { continue };
            let Some(bytes) = image.bytes.clone() else { continue };
            let ending = match bytes.get(..4) {
                Some([0x89, b'P', b'N', b'G']) => "png",
                Some([0xFF, 0xD8, ..]) => "jpg",
                _ => continue,
            };
            let known = album.0.iter().find(|(_, known)| **known == bytes).map(|(path, _)| path.clone());
            let number = album.0.len() + 1;
            let path = known.unwrap_or_else(|| format!("{PICTURES}/image-{number}.{ending}"));
            album.0.insert(path.clone(), bytes);
            let own = *own_pixels.entry(path.clone()).or_insert_with(|| {
                let mut own = 0;
                picture(&album, &path, &mut own, limits).is_ok().then_some(own)
            });
            if let Some(own) = own.filter(|own| pixels + own <= limits.all_pixels) {
                pixels += own;
                image.path = path;
            }
        }
        album
    }

    /// The pictures that a report names, each with its name in the folder of the pictures.
    pub fn used(&self, report: &str) -> Vec<(String, Vec<u8>)> {
        let is_used = |path: &str| report.contains(&format!("\"image\": \"{path}\""));
        let used = self.0.iter().filter(|(path, _)| is_used(path));
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        used.map(|(path, bytes)| (name(path), bytes.to_vec())).collect()
    }
}

impl Assets for Album {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        self.0.get(path).map(|bytes| bytes.to_vec()).ok_or(AssetError::Missing)
    }
}
