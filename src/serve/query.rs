//! The query of an address: each name once, and none that the address does not know.

use axum::http::Uri;

use super::problem::Problem;
use crate::message;

/// The names and values that are not taken yet.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The query of an address.
    ///
    /// # Errors
    /// If it is no list of names and values, or has a name twice.
    pub fn of(uri: &Uri) -> Result<Query, Problem> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(uri.query().unwrap_or_default())
            .map_err(|_| {
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
        for wrong in ["/?a=1&a=2", "/?strict=yes", "/?unknown"] {
            let uri: Uri = wrong.parse().expect("is an address");
            let read =
                Query::of(&uri).and_then(|mut query| query.flag("strict").and_then(|_| query.finish()));
            assert!(read.is_err(), "{wrong}");
        }
    }
}
