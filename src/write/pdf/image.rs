//! The images of the file, each written once however often it is shown.
//!
//! A JPEG is embedded as it is, without anything but the picture; other images are embedded as lossless pixels, in gray
//! if they are gray, with alpha only if they are transparent somewhere. Colours that are not sRGB keep their profile.

use std::collections::BTreeMap;
use std::sync::Arc;

use printpdf::{DictItem, ExternalStream, ExternalXObject, Px, XObject, XObjectId, XObjectMap};
use sha2::{Digest, Sha256};

use super::compression::Compression;
use super::{icc, jpeg};
use crate::document::{Picture, PictureFormat};
use crate::pages::{Item, Page, Pages, PlacedImage};

/// The pictures in use.
pub(super) struct Images {
    /// By the hash of their content.
    pictures: BTreeMap<[u8; 32], Entry>,
    /// The hash of a picture by its address in memory, so that no picture is hashed twice.
    hashes: BTreeMap<usize, [u8; 32]>,
}

struct Entry {
    /// Counted from 1 in order of appearance.
    number: usize,
    transparent: bool,
    object: XObject,
}

impl Images {
    /// The name of a picture in the resources of the pages.
    pub fn name(&self, picture: &Arc<Picture>) -> String {
        format!("Im{}", self.entry(picture).number)
    }

    /// Whether a page shows a transparent image.
    pub fn any_transparent(&self, page: &Page) -> bool {
        page.items.iter().filter_map(as_image).any(|image| self.entry(&image.picture).transparent)
    }

    /// The images in printpdf's form.
    pub fn to_printpdf(&self) -> XObjectMap {
        let entries = self.pictures.values();
        let map = entries.map(|entry| (XObjectId(format!("Im{}", entry.number)), entry.object.clone()));
        XObjectMap { map: map.collect() }
    }

    fn entry(&self, picture: &Arc<Picture>) -> &Entry {
        let hash = self.hashes.get(&address(picture));
        hash.and_then(|hash| self.pictures.get(hash)).expect("every picture of the pages was collected")
    }
}

fn as_image(item: &Item) -> Option<&PlacedImage> {
    match item {
        Item::Image(image) => Some(image),
        Item::Text(_) | Item::Rule(_) | Item::Path(_) => None,
    }
}

fn address(picture: &Arc<Picture>) -> usize {
    Arc::as_ptr(picture) as usize
}

/// Collects the pictures that the pages show.
pub(super) fn collect(pages: &Pages, compression: Compression) -> Images {
    let mut images = Images { pictures: BTreeMap::new(), hashes: BTreeMap::new() };
    for image in pages.pages.iter().flat_map(|page| &page.items).filter_map(as_image) {
        let picture = &image.picture;
        let hash =
            *images.hashes.entry(address(picture)).or_insert_with(|| Sha256::digest(&picture.bytes).into());
        let number = images.pictures.len() + 1;
        images.pictures.entry(hash).or_insert_with(|| Entry {
            number,
            transparent: is_transparent(picture),
            object: object(picture, compression),
        });
    }
    images
}

/// Whether a picture is transparent somewhere.
fn is_transparent(picture: &Picture) -> bool {
    picture.rgba.chunks_exact(4).any(|pixel| pixel[3] != 255)
}

/// The picture as an object of the PDF.
fn object(picture: &Picture, compression: Compression) -> XObject {
    let stream = as_jpeg(picture, compression).unwrap_or_else(|| as_pixels(picture, compression));
    XObject::External(ExternalXObject {
        stream,
        width: Some(Px(picture.width as usize)),
        height: Some(Px(picture.height as usize)),
        dpi: None,
    })
}

/// The original JPEG, if a viewer shows it as it was decoded here.
fn as_jpeg(picture: &Picture, compression: Compression) -> Option<ExternalStream> {
    match picture.format {
        PictureFormat::Jpeg => {}
        PictureFormat::Png => return None,
    }
    let jpeg = jpeg::strip(&picture.bytes)?;
    if (jpeg.width, jpeg.height) != (picture.width, picture.height) {
        return None;
    }
    Some(stream(picture, colours(picture, jpeg.colour_space, compression), "DCTDecode", jpeg.bytes))
}

/// The pixels, and the alpha as a mask.
fn as_pixels(picture: &Picture, compression: Compression) -> ExternalStream {
    let pixels = || picture.rgba.chunks_exact(4);
    // A profile of colours says how gray is meant, too.
    let in_colour = icc::space(picture.profile.as_deref()) == Some("DeviceRGB");
    let gray = !in_colour && pixels().all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let samples: Vec<u8> = if gray {
        pixels().map(|pixel| pixel[0]).collect()
    } else {
        pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
    };
    let space = if gray { "DeviceGray" } else { "DeviceRGB" };
    let mut colour = stream(
        picture,
        colours(picture, space, compression),
        "FlateDecode",
        compression.deflate_picture(&samples),
    );
    if is_transparent(picture) {
        let alpha: Vec<u8> = pixels().map(|pixel| pixel[3]).collect();
        let mask = stream(picture, name("DeviceGray"), "FlateDecode", compression.deflate_picture(&alpha));
        colour.dict.insert("SMask".into(), DictItem::Stream { stream: mask });
    }
    colour
}

/// The space of a picture's colours: that of its profile, if it has one for so many components (ISO 32000-1, 8.6.5.5).
fn colours(picture: &Picture, space: &str, compression: Compression) -> DictItem {
    let Some(profile) = picture.profile.as_ref().filter(|profile| icc::space(Some(profile)) == Some(space))
    else {
        return name(space);
    };
    let components = if space == "DeviceGray" { 1 } else { 3 };
    let dict = [
        ("N".to_owned(), DictItem::Int(components)),
        ("Alternate".to_owned(), name(space)),
        ("Filter".to_owned(), name("FlateDecode")),
    ];
    let content = compression.deflate_picture(profile);
    let stream = ExternalStream { dict: dict.into(), content, compress: false };
    DictItem::Array(vec![name("ICCBased"), DictItem::Stream { stream }])
}

fn name(name: &str) -> DictItem {
    DictItem::Name(name.into())
}

/// A stream of samples of eight bits.
fn stream(picture: &Picture, space: DictItem, filter: &str, content: Vec<u8>) -> ExternalStream {
    let dict = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(picture.width.into())),
        ("Height", DictItem::Int(picture.height.into())),
        ("ColorSpace", space),
        ("BitsPerComponent", DictItem::Int(8)),
        ("Filter", name(filter)),
    ];
    let dict = dict.into_iter().map(|(key, value)| (key.into(), value)).collect();
    ExternalStream { dict, content, compress: false }
}
