//! The order of the modules of `src`: each imports only from those before it. ARCHITECTURE.md draws the same order.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules, bottom first.
const ORDER: [&str; 41] = [
    "geom",
    "date",
    "hash",
    "deflate",
    "characters",
    "diagnostic",
    "files",
    "xml",
    "options",
    "names",
    "assets",
    "read",
    "style",
    "source",
    "layout",
    "report",
    "figures",
    "forms",
    "document",
    "font",
    "pages",
    "text",
    "embed",
    "check",
    "references",
    "fix",
    "diff",
    "blank",
    "workbook",
    "preview",
    "arrange",
    "typeset",
    "write",
    "extract",
    "engine",
    "import",
    "pki",
    "sign",
    "verify",
    "archive",
    "serve",
];
/// What may import every module.
const TOP: [&str; 3] = ["cli", "lib", "main"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("lists") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

/// The names after `crate::`, those in braces one by one; not those of comments and of tests.
fn imports(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1) {
        let Some(list) = after.strip_prefix('{') else {
            found.push(word(after));
            continue;
        };
        let mut depth = 0;
        let names = list.split(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth < 0 || (depth == 0 && c == ',')
        });
        // What follows the closing brace is no name of the list.
        let end = list.find(';').unwrap_or(list.len());
        let names = names.take_while(|name| name.as_ptr() as usize - list.as_ptr() as usize <= end);
        found.extend(names.map(word).filter(|name| !name.is_empty()));
    }
    found
}

/// The modules of the names that the root re-exports.
fn re_exports() -> HashMap<String, String> {
    let root = fs::read_to_string("src/lib.rs").expect("reads");
    let mut found = HashMap::new();
    for statement in root.split("pub use ").skip(1) {
        let Some((room, names)) = statement.split_once("::") else { continue };
        let names = names.split(';').next().unwrap_or_default();
        for name in names.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|name| !name.is_empty())
        {
            found.insert(name.to_owned(), room.to_owned());
        }
    }
    found
}

#[test]
fn every_room_imports_only_from_those_below_it() {
    let (mut files, re_exports) = (Vec::new(), re_exports());
    sources(Path::new("src"), &mut files);
    let place = |room: &str| ORDER.iter().position(|known| *known == room);
    let mut wrong = Vec::new();
    for path in &files {
        let inside = path.strip_prefix("src").expect("is in src");
        let room = inside.components().next().expect("a part").as_os_str().to_string_lossy();
        let room = room.trim_end_matches(".rs");
        let is_test = inside.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            matches!(part.trim_end_matches(".rs"), "tests" | "fixture")
        });
        if TOP.contains(&room) || is_test {
            continue;
        }
        let own = place(room).unwrap_or_else(|| panic!("{room} has no place in the order"));
        for name in imports(&fs::read_to_string(path).expect("reads")) {
            let target =
                if place(&name).is_some() { Some(name.clone()) } else { re_exports.get(&name).cloned() };
            match target.as_deref().map(|target| (target, place(target))) {
                Some((target, Some(other))) if other > own => {
                    wrong.push(format!("{} imports {target}", path.display()));
                }
                // Macros, and what the root itself defines.
                Some(_) | None => {
                    assert!(target.is_some() || name == "message", "{name} in {}", path.display())
                }
            }
        }
    }
    assert!(files.len() > 150, "{}", files.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
