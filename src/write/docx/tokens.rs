//! Tags and texts of a part, one after the other, as docx-rs and `xml` write them.
//!
//! This is no general XML reader: neither of them writes comments, CDATA or a bare `>`, and both close what
//! they open. quick-xml, which reads any XML, took a twelfth of the time of making a Word file.

use memchr::memchr;

use super::upstream;
use crate::write::WriteError;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A tag that opens an element: its name and attributes.
    Start(&'a str),
    /// A tag of an element that is empty: its name and attributes.
    Empty(&'a str),
    /// A tag that closes an element.
    End,
    /// Characters, escaped.
    Text(&'a str),
}

/// The tokens of a part.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub fn of(text: &'a str) -> Tokens<'a> {
        Tokens { rest: text }
    }

    /// The next one; `None` at the end.
    ///
    /// # Errors
    /// If it is not what docx-rs writes.
    pub fn next(&mut self) -> Result<Option<Token<'a>>, WriteError> {
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                let end = memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Ok((!text.is_empty()).then_some(Token::Text(text)));
            };
            let end = memchr(b'>', tag.as_bytes()).ok_or_else(|| unexpected(tag))?;
            self.rest = &tag[end + 1..];
            let tag = &tag[..end];
            return match tag.as_bytes() {
                // The declaration.
                [b'?', ..] => continue,
                [b'!', ..] | [] => Err(unexpected(tag)),
                [b'/', ..] => Ok(Some(Token::End)),
                [.., b'/'] => Ok(Some(Token::Empty(tag[..tag.len() - 1].trim_end()))),
                _ => Ok(Some(Token::Start(tag.trim_end()))),
            };
        }
    }
}

/// The name in a tag.
pub(super) fn name(tag: &str) -> &str {
    // Names are short: there is nothing to be gained by a search of many bytes at once.
    tag.bytes().position(|byte| byte == b' ').map_or(tag, |end| &tag[..end])
}

fn unexpected(tag: &str) -> WriteError {
    let start: String = tag.chars().take(40).collect();
    upstream(format!("docx-rs wrote <{start}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_texts_come_one_by_one() {
        let text = "<?xml version=\"1.0\"?>\n<w:p a=\"1\"><w:b /><w:t>甲&lt;乙</w:t></w:p>";
        let mut tokens = Tokens::of(text);
        let mut found = Vec::new();
        while let Some(token) = tokens.next().unwrap() {
            found.push(token);
        }
        let wanted = [
            Token::Text("\n"),
            Token::Start("w:p a=\"1\""),
            Token::Empty("w:b"),
            Token::Start("w:t"),
            Token::Text("甲&lt;乙"),
            Token::End,
            Token::End,
        ];
        assert_eq!(found, wanted);
        assert_eq!([name("w:p a=\"1\""), name("w:b")], ["w:p", "w:b"]);
    }

    #[test]
    fn what_docx_rs_does_not_write_is_refused() {
        for text in ["<!-- a -->", "<w:p", "<>"] {
            assert!(Tokens::of(text).next().is_err(), "{text}");
        }
    }
}
