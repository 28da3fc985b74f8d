//! What stands before the text: 封面 and 目录.

use schemars::JsonSchema;
use serde::Serialize;

use super::values::Reader;
use crate::source::Node;

/// The deepest headings that a 目录 may have.
pub const DEEPEST: u8 = 3;

/// The title of a 目录, where the report gives none.
pub const CONTENTS_TITLE: &str = "目　录";

/// 封面: a page with the title, the lines below it and, at its foot, who issues the document and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Cover {
    /// The bodies at the foot, a line each; the issuers where it is absent, none where it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Vec<String>>,
    /// The date at the foot, as it is printed: `2024年8月`; the 成文日期 of the signature where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// 目录: the headings of the text with their pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Contents {
    /// Its title; `目　录` where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many levels of headings it has; 2 where it is absent.
    #[schemars(range(min = 1, max = 3))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<u8>,
}

impl Reader {
    pub(super) fn cover(&mut self, node: &Node, pointer: &str) -> Option<Cover> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let cover = Cover {
            issuer: self.optional(&mut fields, "issuer", |reader, node, pointer| {
                reader.items(node, pointer, Self::text)
            }),
            date: self.optional(&mut fields, "date", Self::text),
        };
        self.finish(fields);
        Some(cover)
    }

    pub(super) fn contents(&mut self, node: &Node, pointer: &str) -> Option<Contents> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let contents = Contents {
            title: self.optional(&mut fields, "title", Self::text),
            levels: self.optional(&mut fields, "levels", Self::contents_levels),
        };
        self.finish(fields);
        Some(contents)
    }
}
