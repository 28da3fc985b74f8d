//! The sRGB profile of the output intent: IEC 61966-2-1, in the form of ICC.1:2004-10.
//!
//! It is made from the numbers of the standard, so that no profile need be licensed: primaries and white
//! adapted to D50, and the curve as a formula, exact and in half a kilobyte.

/// The space whose components a picture's profile describes: `DeviceRGB` or `DeviceGray`; none for sRGB, which needs no
/// profile, and for a profile that PDF/A does not take (ISO 19005-2, 6.2.4.2).
pub(super) fn space(profile: Option<&[u8]>) -> Option<&'static str> {
    let profile = profile?;
    let header: &[u8; 128] = profile.first_chunk()?;
    let size = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
    let is_sound = size == profile.len() && header[8] <= 4 && &header[36..40] == b"acsp";
    let is_input =
        [b"scnr", b"mntr", b"prtr", b"spac"].iter().any(|class| class.as_slice() == &header[12..16]);
    let names = |text: &str, step: usize| {
        let wanted: Vec<u8> = text.bytes().flat_map(|byte| [0, byte].into_iter().skip(2 - step)).collect();
        memchr::memmem::find(profile, &wanted).is_some()
    };
    if !is_sound || !is_input || names("sRGB", 1) || names("sRGB", 2) {
        return None;
    }
    match &header[16..20] {
        b"RGB " => Some("DeviceRGB"),
        b"GRAY" => Some("DeviceGray"),
        _ => None,
    }
}

/// Numbers of the profile connection space are fixed-point with 16 bits after the point.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

/// The bytes of the profile.
pub(super) fn srgb() -> Vec<u8> {
    let d50 = [0.9642, 1.0, 0.8249];
    // From D65 to D50 after Bradford.
    let adaptation = [1.0479, 0.0229, -0.0502, 0.0296, 0.9905, -0.0171, -0.0092, 0.0151, 0.7517];
    let curve = parametric([2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]);
    let tags: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", unicode("sRGB")),
        (b"cprt", unicode("No copyright, use freely")),
        (b"wtpt", xyz(d50)),
        (b"chad", array(&adaptation)),
        (b"rXYZ", xyz([0.4361, 0.2225, 0.0139])),
        (b"gXYZ", xyz([0.3851, 0.7169, 0.0971])),
        (b"bXYZ", xyz([0.1431, 0.0606, 0.7139])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    let mut previous: Option<(usize, Vec<u8>)> = None;
    for (signature, element) in tags {
        // Equal curves are stored once.
        let offset = match &previous {
            Some((offset, same)) if *same == element => *offset,
            Some(_) | None => {
                let offset = start + data.len();
                data.extend_from_slice(&element);
                data.resize(data.len().next_multiple_of(4), 0);
                offset
            }
        };
        table.extend_from_slice(signature);
        table.extend_from_slice(&(offset as u32).to_be_bytes());
        table.extend_from_slice(&(element.len() as u32).to_be_bytes());
        previous = Some((offset, element));
    }
    let mut profile = header(start + data.len(), d50);
    profile.extend(table);
    profile.extend(data);
    profile
}

/// ICC.1:2004-10, 7.2.
fn header(size: usize, illuminant: [f64; 3]) -> Vec<u8> {
    let mut header = (size as u32).to_be_bytes().to_vec();
    header.extend([0; 4]);
    header.extend([4, 0x20, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    for number in [2024u16, 1, 1, 0, 0, 0] {
        header.extend(number.to_be_bytes());
    }
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(illuminant.into_iter().flat_map(fixed));
    header.resize(128, 0);
    header
}

/// multiLocalizedUnicodeType, with one record for en-US.
fn unicode(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut element = b"mluc\0\0\0\0".to_vec();
    element.extend(1u32.to_be_bytes());
    element.extend(12u32.to_be_bytes());
    element.extend(b"enUS");
    element.extend((utf16.len() as u32).to_be_bytes());
    element.extend(28u32.to_be_bytes());
    element.extend(utf16);
    element
}

/// XYZType.
fn xyz(value: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".as_slice(), &value.map(fixed).concat()].concat()
}

/// s15Fixed16ArrayType.
fn array(values: &[f64]) -> Vec<u8> {
    let mut element = b"sf32\0\0\0\0".to_vec();
    element.extend(values.iter().copied().flat_map(fixed));
    element
}

/// parametricCurveType 3: a power above the last number, a line below it.
fn parametric(values: [f64; 5]) -> Vec<u8> {
    let mut element = b"para\0\0\0\0\0\x03\0\0".to_vec();
    element.extend(values.into_iter().flat_map(fixed));
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profile_has_the_size_it_states_and_adds_up_to_white() {
        let profile = srgb();
        assert_eq!(u32::from_be_bytes(profile[..4].try_into().unwrap()) as usize, profile.len());
        assert!(profile.len() < 700, "{}", profile.len());
        for (row, white) in [[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7139]]
            .iter()
            .zip([0.9642, 1.0, 0.8249])
        {
            assert!((row.iter().sum::<f64>() - white).abs() < 2e-4);
        }
    }
}
