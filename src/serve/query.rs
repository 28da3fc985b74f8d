//! The query of an address: each name once, and none that the address does not know; and a name in its path.

use axum::extract::{FromRequestParts, Path};
use axum::http::Uri;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::problem::Problem;
use crate::message;

/// The name that an address has in its path, such as the id of a layout.
pub struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Name, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(name)| Name(name)).map_err(|_| {
            Problem::request(message!(
                "地址不是 UTF-8：汉字按 UTF-8 编码后写成 %XX",
                "the address is not UTF-8: encode its characters in UTF-8, then as %XX"
            ))
        })
    }
}

/// The names and values that are not taken yet.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The query of an address.
    ///
    /// # Errors
    /// If it is no list of names and values in UTF-8, or has a name twice.
    pub fn of(uri: &Uri) -> Result<Query, Problem> {
        let text = uri.query().unwrap_or_default();
        // The decoder would put U+FFFD in place of bytes that are no UTF-8, such as those of GBK.
        if percent_decode_str(text).decode_utf8().is_err() {
            return Err(Problem::request(message!(
                "查询参数不是 UTF-8：汉字按 UTF-8 编码后写成 %XX",
                "the query is not UTF-8: encode its characters in UTF-8, then as %XX"
            )));
        }
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).map_err(|_| {
            Problem::request(message!("查询参数不是 名称=值", "the query is no list of NAME=VALUE"))
        })?;
        let mut names: Vec<&String> = pairs.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            let name = twice[0];
            return Err(Problem::request(message!(
                "参数 {name} 写了两次",
                "the parameter {name} is given twice"
            )));
        }
        Ok(Query(pairs))
    }

    /// The value of a name, if it is given.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// A value that is read from its text; `written` says how it is written.
    pub fn parsed<T>(
        &mut self,
        name: &str,
        written: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let wrong = || {
            Problem::request(message!(
                "参数 {name}：不能是“{text}”，写 {written}",
                "the parameter {name} cannot be \"{text}\"; write {written}"
            ))
        };
        parse(&text).ok_or_else(wrong).map(Some)
    }

    /// Whether something is asked for: `1` or `true`, and `0`, `false` or nothing if not.
    pub fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        let parse = |text: &str| match text {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        };
        Ok(self.parsed(name, "1 / 0", parse)?.unwrap_or(false))
    }

    /// That nothing is left over.
    pub fn finish(self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                Err(Problem::request(message!("没有参数 {name}", "there is no parameter {name}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_once_and_none_is_left_over() {
        let uri: Uri = "/v1/export?as=pdf&strict=1&layout=%E7%94%B2".parse().expect("is an address");
        let mut query = Query::of(&uri).expect("is a query");
        assert_eq!(query.text("as").as_deref(), Some("pdf"));
        assert!(query.flag("strict").expect("is a flag"));
        assert_eq!(query.text("layout").as_deref(), Some("甲"));
        assert_eq!(query.text("as"), None);
        assert!(query.finish().is_ok());
        for wrong in ["/?a=1&a=2", "/?strict=yes", "/?unknown", "/?strict=%B9%AB", "/?%FF=1"] {
            let uri: Uri = wrong.parse().expect("is an address");
            let read =
                Query::of(&uri).and_then(|mut query| query.flag("strict").and_then(|_| query.finish()));
            assert!(read.is_err(), "{wrong}");
        }
    }
}
