//! The fonts of the user's folder that serve no purpose of their own: each draws what no other font has, such as another
//! script or rare Han.
//!
//! A folder may hold hundreds of fonts. Only their tables of characters are looked at, in place; a font is read and
//! parsed when a text needs a character of it. The first in the order of paths draws it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fontdb::{Database, ID};
use skrifa::MetadataProvider;
use skrifa::raw::FontRef;

use super::UserFont;
use super::search::read;
use super::user::{FontRefusal, examine};

/// The other fonts of a folder.
#[derive(Default)]
pub(super) struct Others {
    database: Database,
    fonts: Vec<Other>,
    /// The font that draws a character, or the first that has it and may not be used. Looked up once a character.
    known: Mutex<HashMap<char, Lookup>>,
}

/// What is known of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The font at this place draws it.
    Drawn(usize),
    /// The font at this place has it and cannot be used.
    Refused(usize, FontRefusal),
    /// No font has it.
    Missing,
}

/// A font that nothing has been drawn with so far.
pub(super) struct Other {
    pub id: ID,
    pub name: String,
    pub path: PathBuf,
    pub index: u32,
    font: OnceLock<Result<UserFont, FontRefusal>>,
}

impl Other {
    pub fn new(id: ID, name: String, path: PathBuf, index: u32) -> Other {
        Other { id, name, path, index, font: OnceLock::new() }
    }

    fn load(&self, database: &Database) -> &Result<UserFont, FontRefusal> {
        self.font.get_or_init(|| {
            let data = database.with_face_data(self.id, |data, _| data.to_vec());
            let data = data.ok_or(FontRefusal::Unreadable)?;
            UserFont::other(&self.name, &self.path.display().to_string(), data, self.index)
        })
    }
}

impl Others {
    /// These fonts of a database.
    pub fn new(database: Database, fonts: Vec<Other>) -> Others {
        Others { database, fonts, known: Mutex::default() }
    }

    /// The same with their files in memory, for a program that opens none later. What cannot be read any more draws
    /// nothing.
    pub fn read_all(&self) -> Others {
        let (mut database, mut fonts) = (Database::new(), Vec::new());
        let mut known: Vec<(&Path, Arc<Vec<u8>>)> = Vec::new();
        for other in &self.fonts {
            let data = match known.iter().find(|(path, _)| *path == other.path) {
                Some((_, data)) => Arc::clone(data),
                None => {
                    let Ok(data) = read(&other.path).map(Arc::new) else { continue };
                    known.push((&other.path, Arc::clone(&data)));
                    data
                }
            };
            let ids = database.load_font_source(fontdb::Source::Binary(data));
            let is_it = |id: &ID| database.face(*id).is_some_and(|face| face.index == other.index);
            if let Some(id) = ids.into_iter().find(is_it) {
                fonts.push(Other::new(id, other.name.clone(), other.path.clone(), other.index));
            }
        }
        Others::new(database, fonts)
    }

    /// Their files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.fonts.iter().map(|font| font.path.as_path())
    }

    /// The font at this place, if it was found to draw something.
    pub fn font(&self, at: usize) -> Option<&UserFont> {
        self.fonts.get(at)?.font.get()?.as_ref().ok()
    }

    /// The name of the font at this place.
    pub fn name(&self, at: usize) -> &str {
        self.fonts.get(at).map_or("", |font| &font.name)
    }

    /// The font for a character.
    pub fn find(&self, character: char) -> Lookup {
        if self.fonts.is_empty() {
            return Lookup::Missing;
        }
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&character) {
            return *found;
        }
        let found = self.search(character);
        known().insert(character, found);
        found
    }

    fn search(&self, character: char) -> Lookup {
        let mut refused = Lookup::Missing;
        for (at, other) in self.fonts.iter().enumerate() {
            let usable = self.database.with_face_data(other.id, |data, index| {
                let font = FontRef::from_index(data, index).ok()?;
                let glyph = font.charmap().map(character).filter(|glyph| glyph.to_u32() != 0)?;
                u16::try_from(glyph.to_u32()).ok()?;
                Some(examine(data, index).map(|_| ()))
            });
            let Some(Some(usable)) = usable else { continue };
            match usable
                .and_then(|()| other.load(&self.database).as_ref().map(|_| ()).map_err(|refusal| *refusal))
            {
                Ok(()) => return Lookup::Drawn(at),
                Err(refusal) if refused == Lookup::Missing => refused = Lookup::Refused(at, refusal),
                Err(_) => {}
            }
        }
        refused
    }
}
