//! Where requests begin in the bytes of a connection, to find those that tell their length in two ways.
//!
//! hyper takes Transfer-Encoding for true and Content-Length away. Who stands before the service may have done the opposite,
//! and taken for a body what is a request here: such a request is refused, and its connection ended (RFC 9112, 6.3). What
//! hyper refuses itself is not followed any further, because it ends the connection.

use std::collections::VecDeque;

/// The longest line that is kept; hyper's limit of a head is lower.
const MOST_LINE: usize = 64 << 10;

/// What is known of the bytes so far.
#[derive(Debug, Default)]
pub struct Framing {
    state: State,
    /// What has come of a line.
    line: Vec<u8>,
    /// Of each request whose head has come and that was not asked for: whether it tells two lengths.
    heads: VecDeque<bool>,
}

#[derive(Debug)]
enum State {
    /// Lines of a head.
    Head(Head),
    /// So many bytes of a body, or of a chunk and its end.
    Bytes { left: u64, is_chunk: bool },
    /// The line before a chunk.
    Size,
    /// Lines after the last chunk.
    Trailers,
    /// The bytes are no request.
    Lost,
}

/// What the lines of a head said so far.
#[derive(Debug, Default)]
struct Head {
    has_begun: bool,
    is_coded: bool,
    length: Option<u64>,
}

impl Default for State {
    fn default() -> State {
        State::Head(Head::default())
    }
}

impl Framing {
    /// Follows what comes.
    pub fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.state {
                State::Lost => return,
                State::Bytes { left, is_chunk } => {
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    *left -= taken as u64;
                    if *left == 0 {
                        self.state = if *is_chunk { State::Size } else { State::default() };
                    }
                }
                State::Head(_) | State::Size | State::Trailers => {
                    let end = memchr::memchr(b'\n', bytes);
                    let (line, rest) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
                    bytes = rest;
                    self.line.extend_from_slice(line);
                    if self.line.len() > MOST_LINE {
                        self.state = State::Lost;
                    } else if end.is_some() {
                        let line = std::mem::take(&mut self.line);
                        self.end_line(line.trim_ascii_end());
                    }
                }
            }
        }
    }

    /// Whether the next request tells two lengths.
    pub fn next(&mut self) -> bool {
        self.heads.pop_front().unwrap_or(false)
    }

    fn end_line(&mut self, line: &[u8]) {
        self.state = match std::mem::take(&mut self.state) {
            State::Head(head) if line.is_empty() && head.has_begun => {
                self.heads.push_back(head.is_coded && head.length.is_some());
                match head.length {
                    _ if head.is_coded => State::Size,
                    None | Some(0) => State::default(),
                    Some(left) => State::Bytes { left, is_chunk: false },
                }
            }
            State::Head(head) => State::Head(head.with(line)),
            State::Size => match size(line) {
                None => State::Lost,
                Some(0) => State::Trailers,
                // With the end of the line after it.
                Some(size) => State::Bytes { left: size.saturating_add(2), is_chunk: true },
            },
            State::Trailers if line.is_empty() => State::default(),
            state @ (State::Trailers | State::Bytes { .. } | State::Lost) => state,
        };
    }
}

impl Head {
    fn with(mut self, line: &[u8]) -> Head {
        self.has_begun |= !line.is_empty();
        let Some(colon) = memchr::memchr(b':', line) else { return self };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.is_coded = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            // What is no number hyper refuses, or takes away with the coding: it is a length that was told all the same.
            let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
            self.length = Some(number.unwrap_or(0));
        }
        self
    }
}

/// The size of a chunk.
fn size(line: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(line).ok()?;
    u64::from_str_radix(text.split(';').next()?.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found of each request, whatever pieces the bytes come in.
    #[track_caller]
    fn finds(bytes: &str, wanted: &[bool]) {
        for length in [1, 2, 3, 7, 1000] {
            let mut framing = Framing::default();
            bytes.as_bytes().chunks(length).for_each(|piece| framing.read(piece));
            let found: Vec<bool> = framing.heads.iter().copied().collect();
            assert_eq!(found, wanted, "{bytes:?} in pieces of {length}");
            assert!(wanted.iter().all(|wanted| framing.next() == *wanted) && !framing.next());
        }
    }

    const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const BOTH: &str = "POST / HTTP/1.1\r\nContent-Length: 3\r\ntransfer-encoding: chunked\r\n\r\n";

    #[test]
    fn requests_of_two_lengths_are_found_among_others() {
        let sized = "POST / HTTP/1.1\r\nContent-Length: 42\r\n\r\n";
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        finds(GET, &[false]);
        finds(&format!("{GET}\r\n{GET}"), &[false, false]);
        finds(&format!("{BOTH}3\r\nabc\r\n0\r\n\r\n{GET}"), &[true, false]);
        // What stands in a body is no head.
        finds(&format!("{sized}{}{BOTH}", &BOTH[..42]), &[false, true]);
        let chunks = format!("{:x};a=b\r\n{BOTH}\r\n0\r\nTrailer: x\r\n\r\n", BOTH.len());
        finds(&format!("{chunked}{chunks}{BOTH}"), &[false, true]);
        finds("POST / HTTP/1.1\nTransfer-Encoding : x\nCONTENT-LENGTH:y\n\n", &[true]);
        // Half a head is none yet.
        finds(&BOTH[..BOTH.len() - 1], &[]);
        finds(&format!("{chunked}x\r\n{BOTH}"), &[false]);
        finds(&"x".repeat(MOST_LINE + 1), &[]);
    }
}
