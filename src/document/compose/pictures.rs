//! Images of illustrations and seals: read through `Assets`, and checked against the limits before they are
//! decoded.

use std::io::Cursor;

use base64::Engine;
use image::{ImageDecoder, ImageEncoder, ImageFormat, ImageReader};

use crate::assets::{AssetError, Assets};
use crate::diagnostic::{Hint, HintCode, Message};
use crate::document::{Picture, PictureFormat};
use crate::message;
use crate::options::Limits;
use crate::read::picture::{cleaned, profile};

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
        let (zh, en) = match detail.is_empty() {
            true => Default::default(),
            false => (format!("（{detail}）"), format!(" ({detail})")),
        };
        let text = message!(
            "“{name}”不是可读的 PNG 或 JPEG 图片{zh}",
            "\"{name}\" is not a readable PNG or JPEG image{en}"
        );
        (text, None)
    };
    let reader = ImageReader::new(Cursor::new(&bytes))
        .with_guessed_format()
        .map_err(|error| not_an_image(error.to_string()))?;
    let format = match reader.format() {
        Some(ImageFormat::Png) => PictureFormat::Png,
        Some(ImageFormat::Jpeg) => PictureFormat::Jpeg,
        other => {
            let found = other.map_or(String::new(), |format| format!("{format:?}"));
            return Err(not_an_image(found));
        }
    };
    let decoder = reader.into_decoder().map_err(|error| not_an_image(error.to_string()))?;
    let (width, height) = decoder.dimensions();
    // Samples of 16 bits take twice the memory while they are decoded, and count as two.
    let colours = decoder.color_type();
    let samples = u64::from(colours.bytes_per_pixel() / colours.channel_count().max(1)).max(1);
    let count = u64::from(width) * u64::from(height) * samples;
    drop(decoder);
    *pixels += count;
    if count == 0 || count > most || *pixels > most_in_all {
        let text = message!(
            "“{name}”有 {width}×{height} 像素，超过上限（一幅 {most}，全文 {most_in_all}）",
            "\"{name}\" has {width}×{height} pixels, more than the limit ({most} an image, {most_in_all} a report)"
        );
        return Err((text, Some(message!("先缩小图片", "make the image smaller").into())));
    }
    // Width and height as they are shown: a camera's file may be turned.
    let bytes = cleaned(&bytes, most * 16).into_owned();
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
    let image = reader.decode().map_err(|error| not_an_image(error.to_string()))?.into_rgba8();
    let ((width, height), profile) = (image.dimensions(), profile(&bytes));
    Ok(Picture { bytes, format, width, height, rgba: image.into_raw(), profile })
}

/// Whether a picture hides what is behind it: hardly anything of it is transparent.
pub(super) fn is_opaque(picture: &Picture) -> bool {
    let clear = picture.rgba.chunks_exact(4).filter(|pixel| pixel[3] < 128).count();
    clear * 20 < picture.rgba.len() / 4
}

/// The picture with its paper made transparent: each pixel becomes the colour and alpha that, over the paper, give the
/// original colour. What differs from the paper no more than its grain does is paper. `None` without bright paper.
pub(super) fn without_paper(picture: &Picture) -> Option<Picture> {
    let paper = Paper::of(picture)?;
    let mut rgba = picture.rgba.clone();
    for pixel in rgba.chunks_exact_mut(4) {
        let [red, green, blue] = paper.whitened(pixel);
        let ink = 255 - red.min(green).min(blue);
        let above = ink.saturating_sub(paper.grain) * 255 / (255 - paper.grain);
        // Paper is white below its alpha, so that it compresses well.
        let base = if above == 0 { 0 } else { ink };
        let unmixed = |channel: u32| 255 - ((255 - channel) * 255).checked_div(base).unwrap_or(0);
        for (place, channel) in [red, green, blue].into_iter().enumerate() {
            pixel[place] = unmixed(channel) as u8;
        }
        pixel[3] = (above * u32::from(pixel[3]) / 255) as u8;
    }
    let (width, height) = (picture.width, picture.height);
    let image = image::RgbaImage::from_raw(width, height, rgba)?;
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    if let Some(profile) = &picture.profile {
        encoder.set_icc_profile(profile.clone()).ok()?;
    }
    image.write_with_encoder(encoder).ok()?;
    let (format, profile) = (PictureFormat::Png, picture.profile.clone());
    Some(Picture { bytes, format, width, height, rgba: image.into_raw(), profile })
        .filter(|picture| !is_opaque(picture))
}

/// The paper of a scan.
struct Paper {
    colour: [u32; 3],
    /// How far the paper itself departs from its colour, in ink.
    grain: u32,
}

impl Paper {
    /// The least of a channel, and the most between two channels, of what may be paper.
    const DARKEST: u8 = 150;
    const MOST_COLOUR: u8 = 50;
    /// More grain than this is no grain.
    const COARSEST: u32 = 80;

    /// The bright and nearly gray pixels: their median, and the distance from it within which all but a twentieth are.
    fn of(picture: &Picture) -> Option<Paper> {
        let mut channels = [[0_usize; 256]; 3];
        let candidates = || picture.rgba.chunks_exact(4).filter(|pixel| Paper::may_be(pixel));
        for pixel in candidates() {
            (0..3).for_each(|at| channels[at][usize::from(pixel[at])] += 1);
        }
        let count = candidates().count();
        if count * 20 < picture.rgba.len() / 4 {
            // A picture that is transparent already has no paper.
            let paper = Paper { colour: [255; 3], grain: 0 };
            return (!is_opaque(picture)).then_some(paper);
        }
        let colour = channels.map(|channel| quantile(&channel, count / 2) as u32);
        let plain = Paper { colour, grain: 0 };
        let mut inks = [0_usize; 256];
        for pixel in candidates() {
            let [red, green, blue] = plain.whitened(pixel);
            inks[(255 - red.min(green).min(blue)) as usize] += 1;
        }
        let grain = quantile(&inks, count - count / 20) as u32;
        // The darkest grain is a little darker than that of nineteen pixels in twenty.
        let grain = if grain == 0 { 0 } else { grain + grain / 2 + 2 };
        (grain <= Paper::COARSEST).then_some(Paper { colour, grain })
    }

    fn may_be(pixel: &[u8]) -> bool {
        let (least, most) = (pixel[0].min(pixel[1]).min(pixel[2]), pixel[0].max(pixel[1]).max(pixel[2]));
        pixel[3] == 255 && least >= Paper::DARKEST && most - least <= Paper::MOST_COLOUR
    }

    /// The colour of a pixel if the paper were white.
    fn whitened(&self, pixel: &[u8]) -> [u32; 3] {
        let white = |at: usize| (u32::from(pixel[at]) * 255 / self.colour[at].max(1)).min(255);
        [white(0), white(1), white(2)]
    }
}

/// The value of the `number`th of some counted values, from 0.
fn quantile(counts: &[usize; 256], number: usize) -> usize {
    let mut passed = 0;
    let reaches = |count: &usize| {
        passed += count;
        passed > number
    };
    counts.iter().position(reaches).unwrap_or(255)
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
        AssetError::NoFile => (
            message!(
                "图片“{name}”是命名管道、设备或套接字，不是文件",
                "the image \"{name}\" is a named pipe, a device or a socket, not a file"
            ),
            None,
        ),
        AssetError::TooLarge => too_large(),
        AssetError::Other(detail) => {
            (message!("读不出图片“{name}”：{detail}", "the image \"{name}\" cannot be read: {detail}"), None)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A red ring on paper of this colour with this much grain.
    fn scan(paper: [u8; 3], grain: u8) -> Picture {
        const SIDE: u32 = 120;
        let mut seed = 7_u32;
        let mut noise = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if grain == 0 { 0 } else { (seed >> 16) as u8 % (grain + 1) }
        };
        let image = image::RgbaImage::from_fn(SIDE, SIDE, |x, y| {
            let distance = (f64::from(x) - 60.0).hypot(f64::from(y) - 60.0);
            let [red, green, blue] = if (45.0..55.0).contains(&distance) { [210, 30, 40] } else { paper };
            let noise = noise();
            image::Rgba([
                red.saturating_sub(noise),
                green.saturating_sub(noise),
                blue.saturating_sub(noise),
                255,
            ])
        });
        let rgba = image.into_raw();
        let (bytes, format) = (Vec::new(), PictureFormat::Png);
        Picture { bytes, format, width: SIDE, height: SIDE, rgba, profile: None }
    }

    fn alpha(picture: &Picture, x: u32, y: u32) -> u8 {
        picture.rgba[((y * picture.width + x) * 4 + 3) as usize]
    }

    #[test]
    fn paper_of_a_scan_is_removed_and_its_ink_kept() {
        for (paper, grain) in
            [([255, 255, 255], 0), ([255, 255, 255], 12), ([238, 232, 215], 14), ([200, 205, 210], 10)]
        {
            let scan = scan(paper, grain);
            assert!(is_opaque(&scan));
            let clean = without_paper(&scan).expect("has paper");
            let inside: Vec<u8> = (40..80)
                .flat_map(|x| (40..80).map(move |y| (x, y)))
                .map(|(x, y)| alpha(&clean, x, y))
                .collect();
            let clear = inside.iter().filter(|alpha| **alpha == 0).count();
            assert!(clear * 100 >= inside.len() * 97, "{paper:?} {grain}: {clear} of {}", inside.len());
            assert!(inside.iter().all(|alpha| *alpha < 25), "{paper:?} {grain}");
            assert!(alpha(&clean, 60, 10) > 180, "{paper:?} {grain}: {}", alpha(&clean, 60, 10));
            let ink = &clean.rgba[((10 * 120 + 60) * 4) as usize..][..3];
            assert!(ink[0] > 170 && ink[1] < 60 && ink[2] < 60, "{paper:?} {grain} {ink:?}");
        }
    }

    #[test]
    fn a_picture_without_paper_is_not_changed() {
        assert!(without_paper(&scan([40, 90, 60], 5)).is_none());
        assert!(without_paper(&scan([210, 30, 40], 0)).is_none());
    }
}
