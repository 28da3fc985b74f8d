//! Saved pages (MHT): RFC 2557.

/// The page of an MHT file; none for a file that is not one.
pub(in crate::import) fn page_of_mht(bytes: &[u8]) -> Option<Vec<u8>> {
    const HEAD: usize = 8192;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    if !head.contains("mime-version:") || !head.contains("multipart/") {
        return None;
    }
    let at = head.find("boundary=")? + "boundary=".len();
    let boundary: String = String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 200)])
        .trim_start_matches('"')
        .chars()
        .take_while(|c| !matches!(c, '"' | '\r' | '\n' | ';'))
        .collect();
    let mark = format!("--{boundary}");
    let mut starts: Vec<usize> = memchr::memmem::find_iter(bytes, mark.as_bytes()).collect();
    starts.push(bytes.len());
    for pair in starts.windows(2) {
        let part = &bytes[pair[0] + mark.len().min(pair[1] - pair[0])..pair[1]];
        let split = memchr::memmem::find(part, b"\r\n\r\n")
            .map(|at| (at, 4))
            .or_else(|| memchr::memmem::find(part, b"\n\n").map(|at| (at, 2)));
        let Some((end, gap)) = split else { continue };
        let fields = String::from_utf8_lossy(&part[..end]).to_ascii_lowercase();
        if !fields.contains("text/html") {
            continue;
        }
        let body = &part[end + gap..];
        if fields.contains("quoted-printable") {
            return Some(unquoted(body));
        }
        if fields.contains("base64") {
            use base64::Engine;
            let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            return base64::engine::general_purpose::STANDARD.decode(text).ok();
        }
        return Some(body.to_vec());
    }
    None
}

/// Quoted-printable: RFC 2045, 6.7.
fn unquoted(body: &[u8]) -> Vec<u8> {
    let mut found = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        if body[at] != b'=' {
            found.push(body[at]);
            at += 1;
            continue;
        }
        match body.get(at + 1..at + 3) {
            Some(b"\r\n") => at += 3,
            Some([b'\n', _]) => at += 2,
            Some(code) => {
                let digits = std::str::from_utf8(code).ok();
                match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(byte) => found.push(byte),
                    None => found.extend_from_slice(&body[at..at + 3]),
                }
                at += 3;
            }
            None => at += 1,
        }
    }
    found
}
