//! Points in time, to the second. They are data: nothing here reads a clock.

use std::fmt;
use std::time::Duration;

use der::DateTime;

use crate::date::Date;

/// A point in time, to the second, from 1970 to 9999. It is written as Beijing's clock has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// Beijing's distance from UTC.
const BEIJING: u64 = 8 * 3600;
/// The last second of the year 9999, less a day, so that every zone has it.
const LAST: u64 = 253_402_214_400;

impl Time {
    /// So many seconds after the beginning of 1970, UTC.
    pub fn from_unix(seconds: u64) -> Option<Time> {
        (seconds <= LAST).then_some(Time(seconds))
    }

    /// Seconds after the beginning of 1970, UTC.
    pub fn unix(self) -> u64 {
        self.0
    }

    /// Reads `2024-01-31` (its beginning in Beijing), `2024-01-31T10:20:30+08:00` or `…Z`.
    pub fn parse(text: &str) -> Option<Time> {
        if let Some(date) = Date::parse(text).filter(|_| text.len() == 10) {
            return Time::of(&format!("{}000000", date.iso().replace('-', "")), i64::try_from(BEIJING).ok()?);
        }
        let (clock, zone) = text.split_at_checked(19)?;
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if marks.iter().any(|&(at, mark)| clock.as_bytes()[at] != mark) {
            return None;
        }
        let digits: String = clock.chars().filter(char::is_ascii_digit).collect();
        Time::of(&digits, offset(zone)?)
    }

    /// The time of a PDF: ISO 32000-1, 7.9.4. Without a zone it is taken for UTC.
    pub(crate) fn parse_pdf(text: &str) -> Option<Time> {
        let text = text.strip_prefix("D:")?;
        let (digits, zone) = text.split_at_checked(14)?;
        let zone = zone.trim_end_matches('\'').replace('\'', ":");
        Time::of(digits, if zone.is_empty() { 0 } else { offset(&zone)? })
    }

    /// `UTCTime` or `GeneralizedTime` in DER.
    pub(crate) fn parse_der(tag: u8, content: &[u8]) -> Option<Time> {
        const UTC_TIME: u8 = 0x17;
        let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
        // A time stamp may have fractions of a second.
        let text = text.split_once('.').map_or(text, |(whole, _)| whole);
        match tag {
            super::tlv::GENERALIZED_TIME => Time::of(text, 0),
            UTC_TIME => {
                let century = if text.get(..2)? < "50" { "20" } else { "19" };
                Time::of(&format!("{century}{text}"), 0)
            }
            _ => None,
        }
    }

    /// `yyyymmddhhmmss` in a zone so many seconds east of UTC.
    fn of(digits: &str, east: i64) -> Option<Time> {
        if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize, to: usize| digits[from..to].parse::<u8>().ok();
        let year = digits[..4].parse().ok()?;
        let date =
            DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?).ok()?;
        let seconds = i64::try_from(date.unix_duration().as_secs()).ok()?;
        // The last second of 9999 means a certificate without an end: RFC 5280, 4.1.2.5.
        Time::from_unix(u64::try_from(seconds - east).ok()?.min(LAST))
    }

    fn beijing(self) -> DateTime {
        DateTime::from_unix_duration(Duration::from_secs(self.0 + BEIJING)).expect("LAST is within its range")
    }

    /// As a PDF has it.
    pub(crate) fn pdf(self) -> String {
        let t = self.beijing();
        let (year, month, day) = (t.year(), t.month(), t.day());
        let (hour, minutes, seconds) = (t.hour(), t.minutes(), t.seconds());
        format!("D:{year:04}{month:02}{day:02}{hour:02}{minutes:02}{seconds:02}+08'00'")
    }
}

/// The offset of `Z`, `+08:00` or `-05:30` in seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" || zone.is_empty() {
        return (zone == "Z").then_some(0);
    }
    let (sign, clock) = zone.split_at_checked(1)?;
    let (hours, minutes) = clock.split_once(':').unwrap_or((clock, "00"));
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    match sign {
        _ if hours > 23 || minutes > 59 => None,
        "+" => Some(seconds),
        "-" => Some(-seconds),
        _ => None,
    }
}

/// `2024-01-31T10:20:30+08:00`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.beijing();
        let (year, month, day) = (t.year(), t.month(), t.day());
        let (hour, minutes, seconds) = (t.hour(), t.minutes(), t.seconds());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minutes:02}:{seconds:02}+08:00")
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        let time = Time::from_unix(1_706_667_630).expect("is one");
        for text in ["2024-01-31T10:20:30+08:00", "2024-01-31T02:20:30Z", "2024-01-30T21:20:30-05:00"] {
            assert_eq!(Time::parse(text), Some(time), "{text}");
        }
        assert_eq!(time.to_string(), "2024-01-31T10:20:30+08:00");
        assert_eq!(time.pdf(), "D:20240131102030+08'00'");
        assert_eq!(Time::parse_pdf(&time.pdf()), Some(time));
        assert_eq!(Time::parse_pdf("D:20240131022030Z"), Some(time));
        assert_eq!(Time::parse_der(0x17, b"240131022030Z"), Some(time));
        assert_eq!(Time::parse_der(0x18, b"20240131022030.123Z"), Some(time));
        assert_eq!(Time::parse_der(0x18, b"99991231235959Z"), Time::from_unix(LAST));
        assert_eq!(Time::parse("2024-01-31").map(|time| time.pdf()), Some("D:20240131000000+08'00'".into()));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "2024-02-30", "2024-01-31T10:20:30", "2024-01-31 10:20:30Z", "2024-01-31T25:00:00Z"]
        {
            assert_eq!(Time::parse(text), None, "{text}");
        }
        assert_eq!(Time::parse_pdf("20240131"), None);
    }
}
