//! Silencing: findings that the report declares as accepted, with a reason.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Silenced, child, rule};
use crate::message;
use crate::report::Report;

/// Divides findings into those that remain and those that the report silences, with its reasons. An entry of
/// `silence` that matches nothing is reported: its finding no longer exists, or the rule is misspelt.
pub fn silence(report: &Report, found: Vec<Diagnostic>) -> (Vec<Diagnostic>, Vec<Silenced>) {
    let (mut kept, mut silenced) = (Vec::new(), Vec::new());
    let mut used = vec![false; report.silence.len()];
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, silence) in report.silence.iter().enumerate() {
        places.entry((&silence.rule, &silence.place)).or_insert(at);
    }
    for finding in found {
        let (rule, pointer) = (finding.rule.as_ref(), finding.pointer.as_str());
        // The first entry of the place, or of one that contains it. The place of the whole report contains no other: an
        // entry would silence what nobody has looked at.
        let ends = pointer.match_indices('/').map(|(end, _)| end).filter(|end| *end > 0);
        let around = ends.chain([pointer.len()]).map(|end| &pointer[..end]);
        let at = around.filter_map(|place| places.get(&(rule, place)).copied()).min();
        match at {
            Some(at) => {
                used[at] = true;
                silenced.push(Silenced { finding, reason: report.silence[at].reason.clone() });
            }
            None => kept.push(finding),
        }
    }
    for (at, silence) in report.silence.iter().enumerate().filter(|(at, _)| !used[*at]) {
        let rule = &silence.rule;
        kept.push(
            Diagnostic::warning(
                rule::SILENCE_UNUSED,
                child("/silence", at),
                message!("没有可略过的“{rule}”", "there is no finding \"{rule}\" to silence"),
            )
            .hint(message!("删去这一条，或核对规则名和位置", "delete it, or check its rule and place")),
        );
    }
    (kept, silenced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Silence;

    #[test]
    fn silence_takes_a_rule_at_a_place_and_no_other() {
        let silence = |rule: &str, place: &str| Silence {
            rule: rule.into(),
            place: place.into(),
            reason: "往年补录".into(),
        };
        let report = Report {
            silence: vec![silence("a.b", "/tables/x"), silence("a.c", "/tables"), silence("a.d", "")],
            ..Report::default()
        };
        let finding =
            |rule: &'static str, pointer: &str| Diagnostic::warning(rule, pointer, message!("甲", "a"));
        let found =
            vec![finding("a.b", "/tables/x/0"), finding("a.b", "/tables/xy"), finding("a.d", "/tables/x")];
        let (kept, silenced) = super::silence(&report, found);
        let kept: Vec<&str> = kept.iter().map(|kept| kept.pointer.as_str()).collect();
        assert_eq!(kept, ["/tables/xy", "/tables/x", "/silence/1", "/silence/2"]);
        assert_eq!(silenced.len(), 1);
        assert_eq!(silenced[0].reason, "往年补录");
    }
}
