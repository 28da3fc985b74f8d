//! The appearance of a signature: the user's seal in the place that the export reserved for it. No seal is ever drawn
//! here.

use super::SignError;
use super::fields::{Field, number};
use super::update::{Update, dictionary, name};
use crate::assets::{AssetError, Assets};
use crate::document::Picture;
use crate::options::Limits;
use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::Object;

/// An image file as a seal.
///
/// # Errors
/// If it is no PNG or JPEG, or too large.
pub fn read_seal(bytes: &[u8], limits: &Limits) -> Result<Picture, SignError> {
    struct Given<'a>(&'a [u8]);
    impl Assets for Given<'_> {
        fn read(&self, _: &str) -> Result<Vec<u8>, AssetError> {
            Ok(self.0.to_vec())
        }
    }
    crate::document::picture(&Given(bytes), "seal", &mut 0, limits)
        .map_err(|(message, _)| SignError::Seal(message))
}

/// Writes the appearance of a seal in a field's rectangle: as large as it fits, in the middle.
///
/// # Errors
/// If the field has no rectangle.
pub(super) fn add(update: &mut Update, field: &Field, seal: &Picture) -> Result<Object, SignError> {
    let rect = field.rect().ok_or_else(|| SignError::NoRectangle(field.name.clone()))?;
    let turned = is_turned(update, field);
    let (width, height) = (rect[2] - rect[0], rect[3] - rect[1]);
    // On a page that is shown turned to the right, the image is laid on the paper turned to the left.
    let (across, up) = if turned { (height, width) } else { (width, height) };
    let (pixels_across, pixels_up) = (f64::from(seal.width), f64::from(seal.height));
    let scale = (across / pixels_across).min(up / pixels_up);
    let (drawn_width, drawn_height) = (pixels_across * scale, pixels_up * scale);
    let (left, bottom) = ((across - drawn_width) / 2.0, (up - drawn_height) / 2.0);
    let turn = if turned { format!("0 1 -1 0 {width:.3} 0 cm ") } else { String::new() };
    let content =
        format!("q {turn}{drawn_width:.3} 0 0 {drawn_height:.3} {left:.3} {bottom:.3} cm /Seal Do Q");
    let image = add_image(update, seal);
    let real = |value: f64| Object::Real(format!("{value:.3}").into_bytes());
    let form = dictionary([
        ("Type", name("XObject")),
        ("Subtype", name("Form")),
        ("BBox", Object::Array(vec![real(0.0), real(0.0), real(width), real(height)])),
        (
            "Resources",
            Object::Dictionary(dictionary([(
                "XObject",
                Object::Dictionary(dictionary([("Seal", Object::Reference(image, 0))])),
            )])),
        ),
        // Where colours mix, the archive asks in which space: ISO 19005-2, 6.2.10.
        ("Group", Object::Dictionary(dictionary([("S", name("Transparency")), ("CS", name("DeviceRGB"))]))),
    ]);
    let form = update.add_stream(form, content.as_bytes());
    Ok(Object::Dictionary(dictionary([("N", Object::Reference(form, 0))])))
}

/// Whether the field's page is shown turned to the right.
fn is_turned(update: &mut Update, field: &Field) -> bool {
    let page = update.file.dictionary(&field.entries, b"P").ok().flatten().unwrap_or_default();
    let rotation = page.get(b"Rotate".as_slice()).and_then(number).unwrap_or(0.0);
    rotation == 90.0
}

/// The key of an image that has the SHA-256 of the picture's file, so that whoever keeps that file finds it again. A name of
/// this program's: ISO 32000-1, annex E.
const SOURCE: &str = "GWEN_SHA256";

/// The SHA-256 of the seal's file that a field shows, in hexadecimal; none if it shows none, or one of another program.
pub(super) fn seal_sha256(file: &mut File, field: &Field) -> Result<Option<String>, ReadError> {
    let mut entries = field.entries.clone();
    for key in ["AP", "N", "Resources", "XObject", "Seal"] {
        let Some(next) = file.dictionary(&entries, key.as_bytes())? else { return Ok(None) };
        entries = next;
    }
    Ok(match entries.get(SOURCE.as_bytes()) {
        Some(Object::String(hash)) => Some(crate::hash::hex(hash)),
        _ => None,
    })
}

fn add_image(update: &mut Update, seal: &Picture) -> u32 {
    let pixels = seal.rgba.chunks_exact(4);
    let colours: Vec<u8> = pixels.clone().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let opacity: Vec<u8> = pixels.map(|pixel| pixel[3]).collect();
    let image = |space: &str| {
        dictionary([
            ("Type", name("XObject")),
            ("Subtype", name("Image")),
            ("Width", Object::Integer(seal.width.into())),
            ("Height", Object::Integer(seal.height.into())),
            ("ColorSpace", name(space)),
            ("BitsPerComponent", Object::Integer(8)),
        ])
    };
    let mut coloured = image("DeviceRGB");
    let hash = crate::pki::algorithm::Digest::Sha256.of_all(&[&seal.bytes]);
    coloured.insert(SOURCE.into(), Object::String(hash));
    if opacity.iter().any(|&opacity| opacity < 255) {
        let mask = update.add_compressed(image("DeviceGray"), &opacity);
        coloured.insert(b"SMask".to_vec(), Object::Reference(mask, 0));
    }
    update.add_compressed(coloured, &colours)
}
