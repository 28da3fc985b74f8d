//! Characters that old Chinese encodings kept in the private use area, and what they are today.
//!
//! GB 18030—2000 and GBK put some hundred characters at private code points (䶮 at U+E863) that later got
//! places of their own. Text from old files still has them; a character that is not in the table stays as it
//! is and is reported.

use std::sync::LazyLock;

/// Pairs of old and new, in the order of the old.
static TABLE: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut table: Vec<_> =
        include_str!("../../fonts/data/pua_to_unicode.tsv").lines().filter_map(pair).collect();
    table.sort_unstable();
    table
});

/// The standard character for a private code point of GBK or GB 18030—2000, if there is one.
pub fn normalise_pua(character: char) -> Option<char> {
    if !('\u{e000}'..='\u{f8ff}').contains(&character) {
        return None;
    }
    let at = TABLE.binary_search_by_key(&character, |&(old, _)| old).ok()?;
    Some(TABLE[at].1)
}

/// Reads `U+E863⇥U+4DAE⇥…`; a comment gives none.
fn pair(line: &str) -> Option<(char, char)> {
    let mut columns = line.split('\t');
    let mut code = || char::from_u32(u32::from_str_radix(columns.next()?.strip_prefix("U+")?, 16).ok()?);
    Some((code()?, code()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_use_becomes_the_standard_character() {
        assert_eq!(normalise_pua('\u{e863}'), Some('䶮'));
        assert_eq!(normalise_pua('\u{e78d}'), Some('\u{fe10}'));
        assert_eq!(normalise_pua('\u{e000}'), None);
        assert_eq!(normalise_pua('公'), None);
    }

    #[test]
    fn private_use_table_is_read_whole() {
        let rows =
            include_str!("../../fonts/data/pua_to_unicode.tsv").lines().filter(|line| line.starts_with("U+"));
        assert_eq!(TABLE.len(), rows.count());
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
