//! A selection of pages, such as `1-3,5`.

use std::ops::RangeInclusive;
use std::str::FromStr;

/// Pages by their numbers, from 1; all pages by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(Option<Vec<RangeInclusive<usize>>>);

/// What is wrong with a selection of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("pages are written as 1-3,5 or 4-, from 1")]
pub struct SelectionError;

impl FromStr for Selection {
    type Err = SelectionError;

    fn from_str(text: &str) -> Result<Selection, SelectionError> {
        text.split(',')
            .map(range)
            .collect::<Option<_>>()
            .map(|ranges| Selection(Some(ranges)))
            .ok_or(SelectionError)
    }
}

/// Reads `5`, `1-3` or `4-`.
fn range(text: &str) -> Option<RangeInclusive<usize>> {
    let number = |text: &str| text.trim().parse().ok().filter(|number| *number > 0);
    let Some((first, last)) = text.split_once('-') else { return number(text).map(|page| page..=page) };
    let last = if last.trim().is_empty() { usize::MAX } else { number(last)? };
    let first = number(first)?;
    (first <= last).then_some(first..=last)
}

impl Selection {
    /// The pages of a document of `count` pages, each once and in order; or the number of a page that does
    /// not exist.
    pub(crate) fn of(&self, count: usize) -> Result<Vec<usize>, usize> {
        let Some(ranges) = &self.0 else { return Ok((1..=count).collect()) };
        for range in ranges {
            let last = if *range.end() == usize::MAX { *range.start() } else { *range.end() };
            if last > count {
                return Err(last);
            }
        }
        Ok((1..=count).filter(|page| ranges.iter().any(|range| range.contains(page))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&[usize], usize>) {
        let pages = text.parse::<Selection>().expect("is a selection").of(6);
        assert_eq!(pages.as_deref(), expected.as_ref().map(|pages| *pages), "{text}");
    }

    #[test]
    fn selection_is_read_as_people_write_it() {
        check("1-3,5", Ok(&[1, 2, 3, 5]));
        check("5, 2 - 3,2", Ok(&[2, 3, 5]));
        check("4-", Ok(&[4, 5, 6]));
        check("7", Err(7));
        check("2-9", Err(9));
        check("8-", Err(8));
        assert_eq!(Selection::default().of(2), Ok(vec![1, 2]));
        for wrong in ["", "0", "3-1", "a", "1,,2", "-2", "1-2-3", "99999999999999999999999"] {
            assert_eq!(wrong.parse::<Selection>(), Err(SelectionError), "{wrong}");
        }
    }
}
