//! Complete dates and times: xs:dateTime with a year from 0001 to 9999, as src/odm/datetime.ts reads them.
use crate::dictionary::{ZONE_OF_DATA, ZONE_UNKNOWN};

/// Microseconds since 1970 UTC, and the code of where the zone came from.
pub fn read(text: &[u8]) -> Option<(i64, i32)> {
    let text = text.trim_ascii();
    if text.len() < 19 || [text[4], text[7], text[10], text[13], text[16]] != *b"--T::" {
        return None;
    }
    let year = number(&text[0..4])?;
    let (month, day) = (number(&text[5..7])?, number(&text[8..10])?);
    let (hour, minute, second) = (number(&text[11..13])?, number(&text[14..16])?, number(&text[17..19])?);
    let is_date = year >= 1 && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    if !is_date || hour > 24 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, zone) = fraction(&text[19..])?;
    if hour == 24 && (minute > 0 || second > 0 || fraction > 0) {
        return None;
    }
    let (minutes, origin) = offset(zone)?;
    let seconds = days_since_1970(year, month, day) * 86_400 + (hour * 60 + minute - minutes) * 60 + second;
    Some((seconds * 1_000_000 + fraction, origin))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

/// Microseconds, and what stands behind them.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(rest) = text.strip_prefix(b".") else { return Some((0, text)) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let micros = (0..6).fold(0, |sum, at| sum * 10 + if at < digits { i64::from(rest[at] - b'0') } else { 0 });
    (digits > 0).then_some((micros, &rest[digits..]))
}

/// Minutes east of UTC.
fn offset(zone: &[u8]) -> Option<(i64, i32)> {
    let sign = match zone {
        [] => return Some((0, ZONE_UNKNOWN)),
        b"Z" => return Some((0, ZONE_OF_DATA)),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    if zone.len() != 6 || zone[3] != b':' {
        return None;
    }
    let (hours, minutes) = (number(&zone[1..3])?, number(&zone[4..6])?);
    let total = hours * 60 + minutes;
    (minutes <= 59 && total <= 14 * 60).then_some((sign * total, ZONE_OF_DATA))
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let past = year - 1;
    let leap_day = i64::from(month > 2 && is_leap(year));
    past * 365 + past / 4 - past / 100 + past / 400 + BEFORE_MONTH[month as usize - 1] + leap_day + day - 1 - 719_162
}
