//! Dates and times as logs write them, in nanoseconds.

use super::scan::Scan;

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;

const DAY: i64 = 86_400;

/// A date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Nanoseconds since 1970, in UTC if a zone was written, else as the wall clock showed.
    pub at: i64,
    /// Whether a zone was written.
    pub zoned: bool,
}

/// Takes `2022-11-10T03:37:29.443-0800` and its relatives: blanks for the T, slashes for the dashes,
/// single digits, a comma for the point, `Z`, `+01:00` or no zone at all.
///
/// Years 1970 to 2260 are taken; beyond them nanoseconds do not fit into 64 bits.
pub fn date_and_time(scan: &mut Scan<'_>) -> Option<Stamp> {
    let mut next = *scan;
    let date = date(&mut next)?;
    (next.tag(b"T") || next.tag(b" ")).then_some(())?;
    let time = time_of_day(&mut next)?;
    let zone = zone(&mut next)?;
    *scan = next;
    Some(Stamp {
        at: date + time - zone.unwrap_or(0),
        zoned: zone.is_some(),
    })
}

/// A whole text that is a date, with the time of day or without, as tables have them.
pub fn moment(text: &[u8]) -> Option<Stamp> {
    let mut scan = Scan::new(text);
    let found = date_and_time(&mut scan).or_else(|| {
        let at = date(&mut scan)?;
        let minutes = if scan.tag(b"T") || scan.tag(b" ") {
            hours_and_minutes(&mut scan)?
        } else {
            0
        };
        Some(Stamp {
            at: at + minutes * 60 * SECOND,
            zoned: false,
        })
    })?;
    if found.zoned || scan.is_done() {
        return scan.is_done().then_some(found);
    }
    // A blank may stand before the zone.
    let zone = zone(scan.blanks())??;
    scan.is_done().then_some(Stamp {
        at: found.at - zone,
        zoned: true,
    })
}

fn date(scan: &mut Scan<'_>) -> Option<i64> {
    let mut next = *scan;
    let year = next.whole()?;
    let mark = next.peek().filter(|mark| matches!(mark, b'-' | b'/'))?;
    next.tag(&[mark]);
    let month = next.whole()?;
    next.tag(&[mark]).then_some(())?;
    let day = next.whole()?;
    *scan = next;
    Some(days(year, month, day)? * DAY * SECOND)
}

/// Takes `Jan 28 15:42:20`, as syslog writes it, without a year: since the start of 1970, where the
/// 29th of February counts as the 1st of March.
pub fn month_day_time(scan: &mut Scan<'_>) -> Option<Stamp> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut next = *scan;
    let name = next.rest().get(..3)?;
    let month = MONTHS.chunks(3).position(|month| month == name)? as i64 + 1;
    next.tag(name);
    let day = next.blanks().whole()?;
    next.tag(b" ").then_some(())?;
    let (month, day) = if (month, day) == (2, 29) {
        (3, 1)
    } else {
        (month, day)
    };
    let at = days(1970, month, day)? * DAY * SECOND + time_of_day(&mut next)?;
    *scan = next;
    Some(Stamp { at, zoned: false })
}

/// Takes a duration as Go prints it, such as `1m2.5s` or `288.915798ms`, in nanoseconds.
pub fn go_duration(scan: &mut Scan<'_>) -> Option<i64> {
    let mut next = *scan;
    let mut total: i64 = 0;
    let mut any = false;
    while next.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        let number = next;
        let _ = next.decimal(0)?;
        let unit = [
            (&b"ns"[..], 1),
            (b"us", 1000),
            ("\u{b5}s".as_bytes(), 1000),
            ("\u{3bc}s".as_bytes(), 1000),
            (b"ms", 1_000_000),
            (b"h", 3600 * SECOND),
            (b"m", 60 * SECOND),
            (b"s", SECOND),
        ]
        .into_iter()
        .find(|(name, _)| next.tag(name))?
        .1;
        // Nine digits hold what Go prints of any unit.
        let value = { number }.decimal(9)?;
        total = total.checked_add(
            i64::try_from(i128::from(value) * i128::from(unit) / i128::from(SECOND)).ok()?,
        )?;
        any = true;
    }
    any.then(|| {
        *scan = next;
        total
    })
}

fn time_of_day(scan: &mut Scan<'_>) -> Option<i64> {
    let minutes = hours_and_minutes(scan)?;
    scan.tag(b":").then_some(())?;
    // A leap second is the first of the next minute.
    let seconds = scan
        .decimal(9)
        .filter(|at| (0..=61 * SECOND).contains(at))?;
    Some(minutes * 60 * SECOND + seconds)
}

fn hours_and_minutes(scan: &mut Scan<'_>) -> Option<i64> {
    let hours = scan.whole().filter(|hours| *hours < 24)?;
    scan.tag(b":").then_some(())?;
    let minutes = scan.whole().filter(|minutes| *minutes < 60)?;
    Some(hours * 60 + minutes)
}

/// Nanoseconds that a zone is ahead of UTC; the inner none if no zone is written.
#[allow(
    clippy::option_option,
    reason = "a zone may be wrong, absent, or there"
)]
fn zone(scan: &mut Scan<'_>) -> Option<Option<i64>> {
    if scan.tag(b"Z") {
        return Some(Some(0));
    }
    let sign = match scan.peek() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Some(None),
    };
    let mut digits = scan.rest()[1..].iter().copied();
    let mut number = 0;
    let mut taken = 1;
    let mut count = 0;
    while count < 4 {
        match digits.next() {
            Some(b':') if count == 2 => taken += 1,
            Some(digit) if digit.is_ascii_digit() => {
                number = number * 10 + i64::from(digit - b'0');
                taken += 1;
                count += 1;
            }
            _ => return None,
        }
    }
    let zone = scan.rest().get(..taken)?;
    scan.tag(zone);
    let minutes = number / 100 * 60 + number % 100;
    (minutes <= 24 * 60).then_some(Some(sign * minutes * 60 * SECOND))
}

/// Days from 1970 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    if !(1970..=2260).contains(&year) || !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    const LENGTH: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if day > LENGTH[month as usize - 1] || (month, day) == (2, 29) && !leap(year) {
        return None;
    }
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let this_year = BEFORE[month as usize - 1] + day - 1 + i64::from(month > 2 && leap(year));
    Some((year - 1970) * 365 + leaps(year - 1) - leaps(1969) + this_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(text: &str) -> Option<(i64, bool, usize)> {
        let mut scan = Scan::new(text.as_bytes());
        date_and_time(&mut scan).map(|stamp| (stamp.at, stamp.zoned, scan.column()))
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        // By `date -u -d ... +%s`.
        let cases = [
            (
                "2022-11-10T03:37:29.443-0800",
                1_668_080_249_443_000_000,
                true,
            ),
            ("2000-02-29 23:59:60Z", 951_868_800_000_000_000, true),
            ("2015/09/9 06:54:36", 1_441_781_676_000_000_000, false),
            (
                "2014-06-16T07:57:14,622+02:00",
                1_402_898_234_622_000_000,
                true,
            ),
            ("1970-01-01 00:00:00.000000001", 1, false),
            ("2100-03-01T00:00:00Z", 4_107_542_400_000_000_000, true),
        ];
        for (text, at, zoned) in cases {
            assert_eq!(stamp(text), Some((at, zoned, text.len())), "{text}");
        }
        for none in [
            "2022-13-01T00:00:00",
            "2022-1-1",
            "x",
            "2022-01-01T24:00:00",
            "99999-01-01 00:00:00",
        ] {
            assert_eq!(stamp(none), None, "{none}");
        }
    }

    #[test]
    fn syslog_stamps_count_from_the_new_year() {
        let mut scan = Scan::new(b"Feb  1 00:00:01 host");
        assert_eq!(
            month_day_time(&mut scan).unwrap().at,
            (31 * DAY + 1) * SECOND
        );
        assert_eq!(scan.rest(), b" host");
    }

    #[test]
    fn durations_are_those_go_prints() {
        let cases = [
            ("288.915798ms", 288_915_798),
            ("1m2.5s", 62_500_000_000),
            ("1h0m0s", 3_600_000_000_000),
            ("12.345µs", 12_345),
            ("7ns", 7),
        ];
        for (text, expected) in cases {
            assert_eq!(
                go_duration(&mut Scan::new(text.as_bytes())),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(go_duration(&mut Scan::new(b"5")), None);
    }
}
