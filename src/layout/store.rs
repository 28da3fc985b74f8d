//! The available layouts: those in the binary and those of the user, by id.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_embed::RustEmbed;

use super::load::{MAX_EXTENDS, extended_by, load};
use super::{Layout, LayoutError};
use crate::message;

/// The prefix of layout files that only serve to be extended.
const BASE_MARK: &str = "base-";

#[derive(RustEmbed)]
#[folder = "layouts/"]
struct Embedded;

/// The layouts by id; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    /// File and text by id.
    texts: Arc<BTreeMap<String, (String, String)>>,
    /// The layouts that were replaced by a file of the same id, which may extend the layout that it replaces.
    replaced: Arc<BTreeMap<String, String>>,
    loaded: Arc<std::sync::Mutex<BTreeMap<String, Arc<Layout>>>>,
}

/// A layout as `gongwen layouts` lists it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct LayoutEntry {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The user's file, or none for one in the binary.
    pub file: Option<String>,
}

/// The text of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutSource {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Whether it is part of the program.
    pub shipped: bool,
}

impl Layouts {
    /// The layouts in the binary.
    pub fn embedded() -> Layouts {
        let mut texts = BTreeMap::new();
        for name in Embedded::iter().filter(|name| name.ends_with(".toml")) {
            if let Some(file) = Embedded::get(&name)
                && let Ok(text) = String::from_utf8(file.data.into_owned())
            {
                let id = name.trim_end_matches(".toml").to_owned();
                texts.insert(id.clone(), (id, text));
            }
        }
        Layouts { texts: Arc::new(texts), ..Layouts::default() }
    }

    /// These layouts and one more, from the text of a file. One of the same id is replaced.
    ///
    /// # Errors
    /// If the file is no valid layout.
    pub fn with_file(&self, file: &str, text: &str) -> Result<(Layouts, String), LayoutError> {
        let layout = load(file, text, &|name| self.base(name))?;
        let id = layout.id.clone();
        let mut texts = (*self.texts).clone();
        let mut replaced = (*self.replaced).clone();
        if let Some((_, old)) = texts.insert(id.clone(), (file.to_owned(), text.to_owned())) {
            replaced.insert(id.clone(), old);
        }
        let layouts =
            Layouts { texts: Arc::new(texts), replaced: Arc::new(replaced), loaded: Arc::default() };
        Ok((layouts, id))
    }

    /// The layout of this id.
    ///
    /// # Errors
    /// If there is none, or its file is invalid.
    pub fn get(&self, id: &str) -> Result<Arc<Layout>, LayoutError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(layout) = loaded.get(id) {
            return Ok(layout.clone());
        }
        let Some((file, text)) = self.texts.get(id).filter(|_| !id.starts_with(BASE_MARK)) else {
            let known = self.ids().collect::<Vec<_>>().join(", ");
            let near = crate::diagnostic::nearest(id, self.ids());
            let message = match near {
                Some(near) => message!(
                    "没有版式“{id}”，是不是“{near}”？",
                    "there is no layout \"{id}\"; did you mean \"{near}\"?"
                ),
                None => message!(
                    "没有版式“{id}”（有：{known}）",
                    "there is no layout \"{id}\" (there are {known})"
                ),
            };
            return Err(LayoutError { file: id.to_owned(), position: None, message });
        };
        let base = |name: &str| match self.replaced.get(name) {
            Some(old) if name == id => Some(old.clone()),
            _ => self.base(name),
        };
        let layout = Arc::new(load(file, text, &base)?);
        loaded.insert(id.to_owned(), layout.clone());
        Ok(layout)
    }

    /// The text of the layout of this id, as its file has it.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.texts.get(id).map(|(_, text)| text.as_str())
    }

    /// The layout of this id, then the one that it extends, and so on: everything that its pages depend on.
    pub fn chain(&self, id: &str) -> Vec<LayoutSource> {
        let mut chain: Vec<LayoutSource> = Vec::new();
        let mut next = Some((id.to_owned(), self.base(id)));
        while let Some((id, Some(text))) = next.take() {
            let base = extended_by(&text);
            let shipped =
                Embedded::get(&format!("{id}.toml")).is_some_and(|file| *file.data == *text.as_bytes());
            next = base.map(|name| {
                // A file may extend the layout that it replaced.
                let replaced = self.replaced.get(&name).filter(|_| chain.is_empty() && name == id);
                let text = replaced.cloned().or_else(|| self.base(&name));
                (name, text)
            });
            chain.push(LayoutSource { id, text, shipped });
            if chain.len() > MAX_EXTENDS {
                break;
            }
        }
        chain
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str).filter(|id| !id.starts_with(BASE_MARK))
    }

    /// All layouts, for a list.
    ///
    /// # Errors
    /// If a file is invalid.
    pub fn entries(&self) -> Result<Vec<LayoutEntry>, LayoutError> {
        self.ids()
            .map(|id| {
                let layout = self.get(id)?;
                let file = self.texts.get(id).map(|(file, _)| file.clone()).filter(|file| file != id);
                Ok(LayoutEntry {
                    id: id.to_owned(),
                    name: layout.name.clone(),
                    description: layout.description.clone(),
                    file,
                })
            })
            .collect()
    }

    fn base(&self, name: &str) -> Option<String> {
        self.texts.get(name).map(|(_, text)| text.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_extend_the_layout_that_it_replaces() {
        let text = "format = 1\nextends = \"notice\"\nid = \"notice\"\n[page]\nprofile = \"word\"\n";
        let (layouts, id) = Layouts::embedded().with_file("own.toml", text).expect("is sound");
        let layout = layouts.get(&id).expect("loads");
        assert_eq!((layout.page.profile.as_str(), layout.name.as_str()), ("word", "通知"));
    }
}
