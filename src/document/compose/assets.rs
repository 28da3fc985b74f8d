//! Images brought by the user: found through `Assets`, bounded before they are decoded.
//!
//! The library opens no file by itself; what a path means, and what it may reach, is the caller's `Assets`.

use std::io::Cursor;

use base64::Engine;
use image::{ImageFormat, ImageReader, Limits};

use crate::diagnostic::Message;
use crate::document::{Picture, PictureFormat};
use crate::message;

/// The most bytes of one image file.
pub const MAX_IMAGE_BYTES: usize = 32 << 20;
/// The most pixels of one image: an A4 page at 600 dpi has 35 million.
const MAX_PIXELS: u64 = 40_000_000;
/// The most pixels of all the images of a report.
const MAX_PIXELS_IN_ALL: u64 = 200_000_000;

/// Where images come from.
pub trait Assets {
    /// The bytes of the file that a report names by `path`.
    ///
    /// # Errors
    /// Why there are none.
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError>;
}

/// Why an image cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetError {
    /// There is no such file.
    Missing,
    /// It is an absolute path, goes up by `..`, or leads out of the folder by a link.
    Outside,
    /// There is no folder: the report came from a pipe, and none was named.
    NoFolder,
    /// It is larger than the limit.
    TooLarge,
    /// The system's own words.
    Other(String),
}

/// No images at all.
impl Assets for () {
    fn read(&self, _: &str) -> Result<Vec<u8>, AssetError> {
        Err(AssetError::NoFolder)
    }
}

type Refusal = (Message, Option<Message>);

/// The decoded picture at `path`; `pixels` counts those of the whole report.
pub(crate) fn picture(assets: &dyn Assets, path: &str, pixels: &mut u64) -> Result<Picture, Refusal> {
    let name = if path.starts_with("data:") { "data:…" } else { path };
    let bytes = bytes(assets, path, name)?;
    let not_an_image = |detail: String| {
        (
            message!(
                "“{name}”不是可读的 PNG 或 JPEG 图片（{detail}）",
                "\"{name}\" is not a readable PNG or JPEG image ({detail})"
            ),
            None,
        )
    };
    let reader = ImageReader::new(Cursor::new(&bytes))
        .with_guessed_format()
        .map_err(|error| not_an_image(error.to_string()))?;
    let format = match reader.format() {
        Some(ImageFormat::Png) => PictureFormat::Png,
        Some(ImageFormat::Jpeg) => PictureFormat::Jpeg,
        other => {
            let found = other.map_or("?".to_owned(), |format| format!("{format:?}"));
            return Err(not_an_image(found));
        }
    };
    let (width, height) = reader.into_dimensions().map_err(|error| not_an_image(error.to_string()))?;
    let count = u64::from(width) * u64::from(height);
    *pixels += count;
    if count == 0 || count > MAX_PIXELS || *pixels > MAX_PIXELS_IN_ALL {
        let text = message!(
            "“{name}”有 {width}×{height} 像素，超过上限（一幅 {MAX_PIXELS}，全文 {MAX_PIXELS_IN_ALL}）",
            "\"{name}\" has {width}×{height} pixels, more than the limit ({MAX_PIXELS} an image, {MAX_PIXELS_IN_ALL} a report)"
        );
        return Err((text, Some(message!("先缩小图片", "make the image smaller"))));
    }
    let mut reader = ImageReader::with_format(
        Cursor::new(&bytes),
        match format {
            PictureFormat::Png => ImageFormat::Png,
            PictureFormat::Jpeg => ImageFormat::Jpeg,
        },
    );
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PIXELS * 16);
    reader.limits(limits);
    let rgba = reader.decode().map_err(|error| not_an_image(error.to_string()))?.into_rgba8().into_raw();
    Ok(Picture { bytes, format, width, height, rgba })
}

/// The picture with its white made transparent: each pixel as the ink that, laid on white, gives its colour.
pub(super) fn without_white(picture: &Picture) -> Option<Picture> {
    let mut rgba = picture.rgba.clone();
    for pixel in rgba.chunks_exact_mut(4) {
        let [red, green, blue, alpha] = [pixel[0], pixel[1], pixel[2], pixel[3]].map(u32::from);
        let ink = 255 - red.min(green).min(blue);
        let unmixed = |channel: u32| 255 - ((255 - channel) * 255).checked_div(ink).unwrap_or(0);
        for (place, channel) in [red, green, blue].into_iter().enumerate() {
            pixel[place] = unmixed(channel) as u8;
        }
        pixel[3] = (ink * alpha / 255) as u8;
    }
    let (width, height) = (picture.width, picture.height);
    let image = image::RgbaImage::from_raw(width, height, rgba)?;
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).ok()?;
    let format = PictureFormat::Png;
    Some(Picture { bytes: bytes.into_inner(), format, width, height, rgba: image.into_raw() })
}

fn bytes(assets: &dyn Assets, path: &str, name: &str) -> Result<Vec<u8>, Refusal> {
    let too_large = || {
        let limit = MAX_IMAGE_BYTES >> 20;
        (message!("“{name}”超过 {limit} MiB", "\"{name}\" is larger than {limit} MiB"), None)
    };
    if let Some(data) = path.strip_prefix("data:") {
        if data.len() / 4 * 3 > MAX_IMAGE_BYTES {
            return Err(too_large());
        }
        let encoded = data.split_once(";base64,").map(|(_, encoded)| encoded);
        let bytes =
            encoded.and_then(|encoded| base64::engine::general_purpose::STANDARD.decode(encoded).ok());
        return bytes.ok_or_else(|| {
            (
                message!("data: 地址不是 base64 编码", "the data: URL is not in base64"),
                Some(message!("写成 data:image/png;base64,…", "write data:image/png;base64,…")),
            )
        });
    }
    assets.read(path).map_err(|error| match error {
        AssetError::Missing => (message!("没有图片文件“{name}”", "there is no image file \"{name}\""), None),
        AssetError::Outside => (
            message!("图片“{name}”在报告的文件夹之外", "the image \"{name}\" is outside the report's folder"),
            Some(message!(
                "把图片放到报告的文件夹里，用相对路径",
                "put it into the report's folder and name it by a relative path"
            )),
        ),
        AssetError::NoFolder => (
            message!(
                "不知道图片“{name}”在哪个文件夹",
                "it is not known which folder the image \"{name}\" is in"
            ),
            Some(message!("用 --assets 指定文件夹", "name the folder with --assets")),
        ),
        AssetError::TooLarge => too_large(),
        AssetError::Other(detail) => {
            (message!("读不出图片“{name}”：{detail}", "the image \"{name}\" cannot be read: {detail}"), None)
        }
    })
}
