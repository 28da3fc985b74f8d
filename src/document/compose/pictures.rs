//! Images of illustrations and seals: read through `Assets`, and checked against the limits before they are
//! decoded.

use std::io::Cursor;

use base64::Engine;
use image::{ImageFormat, ImageReader};

use crate::assets::{AssetError, Assets};
use crate::diagnostic::{Hint, HintCode, Message};
use crate::document::{Picture, PictureFormat};
use crate::message;
use crate::options::Limits;

type Refusal = (Message, Option<Hint>);

/// The decoded picture at `path`; `pixels` counts those of the whole report.
pub(crate) fn picture(
    assets: &dyn Assets,
    path: &str,
    pixels: &mut u64,
    limits: &Limits,
) -> Result<Picture, Refusal> {
    let (most, most_in_all) = (limits.image_pixels, limits.all_pixels);
    let name = if path.starts_with("data:") { "data:…" } else { path };
    let bytes = bytes(assets, path, name, limits)?;
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
    if count == 0 || count > most || *pixels > most_in_all {
        let text = message!(
            "“{name}”有 {width}×{height} 像素，超过上限（一幅 {most}，全文 {most_in_all}）",
            "\"{name}\" has {width}×{height} pixels, more than the limit ({most} an image, {most_in_all} a report)"
        );
        return Err((text, Some(message!("先缩小图片", "make the image smaller").into())));
    }
    let mut reader = ImageReader::with_format(
        Cursor::new(&bytes),
        match format {
            PictureFormat::Png => ImageFormat::Png,
            PictureFormat::Jpeg => ImageFormat::Jpeg,
        },
    );
    let mut allocation = image::Limits::default();
    allocation.max_alloc = Some(most * 16);
    reader.limits(allocation);
    let rgba = reader.decode().map_err(|error| not_an_image(error.to_string()))?.into_rgba8().into_raw();
    Ok(Picture { bytes, format, width, height, rgba })
}

/// The picture with its white made transparent: each pixel becomes the colour and alpha that, over white,
/// give the original colour.
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

fn bytes(assets: &dyn Assets, path: &str, name: &str, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let too_large = || {
        let limit = limits.image_bytes >> 20;
        (message!("“{name}”超过 {limit} MiB", "\"{name}\" is larger than {limit} MiB"), None)
    };
    if let Some(data) = path.strip_prefix("data:") {
        if data.len() / 4 * 3 > limits.image_bytes {
            return Err(too_large());
        }
        let encoded = data.split_once(";base64,").map(|(_, encoded)| encoded);
        let bytes =
            encoded.and_then(|encoded| base64::engine::general_purpose::STANDARD.decode(encoded).ok());
        return bytes.ok_or_else(|| {
            (
                message!("data: 地址不是 base64 编码", "the data: URL is not in base64"),
                Some(message!("写成 data:image/png;base64,…", "write data:image/png;base64,…").into()),
            )
        });
    }
    assets.read(path).map_err(|error| match error {
        AssetError::Missing => (message!("没有图片文件“{name}”", "there is no image file \"{name}\""), None),
        AssetError::Outside => (
            message!("图片“{name}”在报告的文件夹之外", "the image \"{name}\" is outside the report's folder"),
            Some(
                message!(
                    "把图片放到报告的文件夹里，用相对路径",
                    "put it into the report's folder and name it by a relative path"
                )
                .into(),
            ),
        ),
        AssetError::NoFolder => (
            message!(
                "不知道图片“{name}”在哪个文件夹",
                "it is not known which folder the image \"{name}\" is in"
            ),
            Some(Hint {
                code: HintCode::AssetsFolder,
                message: message!("指定图片所在的文件夹", "name the folder that it is in"),
            }),
        ),
        AssetError::TooLarge => too_large(),
        AssetError::Other(detail) => {
            (message!("读不出图片“{name}”：{detail}", "the image \"{name}\" cannot be read: {detail}"), None)
        }
    })
}
