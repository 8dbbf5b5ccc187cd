//! Layouts: times written the way the reference time, `Mon Jan 2 15:04:05 MST 2006`, would be. Here are the
//! pieces of a layout; [`show`] writes a time by one, [`read`] reads one.

mod read;
mod show;

use jiff::civil::Weekday;

pub use read::parse;
pub use show::{Shown, format};

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A piece of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Year,
    ShortYear,
    MonthName,
    ShortMonthName,
    /// Zero padded to two places, or as it is.
    Month {
        padded: bool,
    },
    Day {
        pad: Option<char>,
    },
    DayOfYear {
        pad: char,
    },
    Weekday,
    ShortWeekday,
    Hour,
    Hour12 {
        padded: bool,
    },
    Minute {
        padded: bool,
    },
    Second {
        padded: bool,
    },
    Noon {
        upper: bool,
    },
    ZoneName,
    /// `Z` for UTC; a colon; minutes.
    Offset {
        z: bool,
        colon: bool,
        minutes: bool,
    },
    /// So many digits; trailing zeros cut.
    Fraction {
        digits: usize,
        cut: bool,
        sign: char,
    },
}

/// Fixed pieces, those first that another one starts with.
const ELEMENTS: [(&str, Element); 30] = [
    ("January", Element::MonthName),
    ("Monday", Element::Weekday),
    ("Jan", Element::ShortMonthName),
    ("Mon", Element::ShortWeekday),
    ("MST", Element::ZoneName),
    ("2006", Element::Year),
    ("002", Element::DayOfYear { pad: '0' }),
    ("__2", Element::DayOfYear { pad: ' ' }),
    ("-07:00", Element::Offset { z: false, colon: true, minutes: true }),
    ("Z07:00", Element::Offset { z: true, colon: true, minutes: true }),
    ("-0700", Element::Offset { z: false, colon: false, minutes: true }),
    ("Z0700", Element::Offset { z: true, colon: false, minutes: true }),
    ("-07", Element::Offset { z: false, colon: false, minutes: false }),
    ("Z07", Element::Offset { z: true, colon: false, minutes: false }),
    ("01", Element::Month { padded: true }),
    ("02", Element::Day { pad: Some('0') }),
    ("03", Element::Hour12 { padded: true }),
    ("04", Element::Minute { padded: true }),
    ("05", Element::Second { padded: true }),
    ("06", Element::ShortYear),
    ("15", Element::Hour),
    ("PM", Element::Noon { upper: true }),
    ("pm", Element::Noon { upper: false }),
    ("_2", Element::Day { pad: Some(' ') }),
    ("1", Element::Month { padded: false }),
    ("2", Element::Day { pad: None }),
    ("3", Element::Hour12 { padded: false }),
    ("4", Element::Minute { padded: false }),
    ("5", Element::Second { padded: false }),
    // Never matches: a year that begins like `_2006` is a blank and the year.
    ("\0", Element::Year),
];

/// The literal text before the next element, the element with its own text, and the rest.
fn split(layout: &str) -> (&str, Option<(Element, &str)>, &str) {
    for (at, _) in layout.char_indices() {
        let rest = layout.get(at..).unwrap_or_default();
        if let Some((element, length)) = element(rest) {
            let (text, after) = rest.split_at(length);
            return (layout.get(..at).unwrap_or_default(), Some((element, text)), after);
        }
    }
    (layout, None, "")
}

fn element(rest: &str) -> Option<(Element, usize)> {
    if rest.starts_with("_2006") {
        return None;
    }
    if let Some(fraction) = fraction(rest) {
        return Some(fraction);
    }
    ELEMENTS.iter().find(|(text, _)| rest.starts_with(text)).map(|(text, element)| (*element, text.len()))
}

/// `.000`, `,999`: zeros or nines that no further digit follows.
fn fraction(rest: &str) -> Option<(Element, usize)> {
    let sign = rest.chars().next().filter(|sign| matches!(sign, '.' | ','))?;
    let digits = rest.get(1..)?;
    let digit = digits.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let count = digits.chars().take_while(|own| *own == digit).count();
    let is_longer = digits.get(count..)?.starts_with(|next: char| next.is_ascii_digit());
    (!is_longer).then_some((Element::Fraction { digits: count, cut: digit == '9', sign }, count + 1))
}

/// Sunday is 0.
pub fn weekday_number(weekday: Weekday) -> i64 {
    weekday.to_sunday_zero_offset().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Shown<'static> =
        Shown { at: jiff::civil::datetime(2024, 5, 6, 7, 8, 9, 123_000_000), offset: 7200, zone: "CEST" };

    #[test]
    fn every_element_is_shown() {
        for (layout, text) in [
            ("2006-01-02T15:04:05Z07:00", "2024-05-06T07:08:09+02:00"),
            ("2006-01-02T15:04:05.999999999Z07:00", "2024-05-06T07:08:09.123+02:00"),
            ("02 Jan 06 15:04 MST", "06 May 24 07:08 CEST"),
            ("Monday, 02-Jan-06 15:04:05 MST", "Monday, 06-May-24 07:08:09 CEST"),
            ("Mon, 02 Jan 2006 15:04:05 -0700", "Mon, 06 May 2024 07:08:09 +0200"),
            ("3:04PM", "7:08AM"),
            ("Jan _2 15:04:05.000000", "May  6 07:08:09.123000"),
            ("002 __2 January 1 2 -07 pm 4 5 03", "127 127 May 5 6 +02 am 8 9 07"),
            ("at 12 o'clock", "at 56 o'clock"),
        ] {
            assert_eq!(format(&SHOWN, layout), text, "{layout}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for layout in [
            "2006-01-02T15:04:05.999999999Z07:00",
            "Mon, 02 Jan 2006 15:04:05.000 -0700",
            "Monday January _2 2006 03:04:05.000PM Z0700",
            "2006 002 15:04:05.999 -07",
        ] {
            let parsed = parse(layout, &format(&SHOWN, layout)).unwrap();
            assert_eq!((parsed.at, parsed.offset), (SHOWN.at, Some(7200)), "{layout}");
        }
        assert_eq!(parse("15:04:05", "01:02:03.5").unwrap().at.subsec_nanosecond(), 500_000_000);
        assert_eq!(parse("06", "69").unwrap().at.year(), 1969);
    }

    #[test]
    fn a_zone_without_letters_is_called_by_its_offset() {
        let layout = "Mon, 02 Jan 2006 15:04:05 MST";
        for (zone, seconds, text) in [
            ("", 7200, "+0200"),
            ("", -12_600, "-0330"),
            ("+0545", 20_700, "+0545"),
            ("+02", 7200, "+02"),
            ("-03", -10_800, "-03"),
        ] {
            let shown = format(&Shown { offset: seconds, zone, ..SHOWN }, layout);
            assert_eq!(shown, format!("Mon, 06 May 2024 07:08:09 {text}"));
            let parsed = parse(layout, &shown).unwrap();
            assert_eq!((parsed.offset, parsed.zone.as_deref()), (Some(seconds), Some(text)));
        }
        let parsed = parse("-0700 MST", "+0100 +02").unwrap();
        assert_eq!(parsed.offset, Some(3600), "the offset itself decides");
        assert_eq!(parse("MST", "ChST").unwrap().zone.as_deref(), Some("ChST"));
        for text in ["+2", "x", "AB", "ABCDEF"] {
            assert!(parse("MST", text).is_err(), "{text}");
        }
    }

    #[test]
    fn blanks_may_be_more_or_fewer() {
        let day = |layout, text| parse(layout, text).map(|parsed| (parsed.at.month(), parsed.at.day()));
        for (layout, text) in [
            ("Jan 2 2006", "May  6 2024"),
            ("Jan  2 2006", "May 6 2024"),
            ("Jan _2 2006", "May  6   2024"),
            ("Jan 2 2006 ", "May 6 2024"),
        ] {
            assert_eq!(day(layout, text), Ok((5, 6)), "{layout}");
        }
        let text = "parsing time \"2024x5\" as \"2006 1\": cannot parse \"x5\" as \" \"";
        assert_eq!(day("2006 1", "2024x5"), Err(text.to_owned()));
        let text = "parsing time \"2024  of 5\" as \"2006 at 1\": cannot parse \"of 5\" as \" at \"";
        assert_eq!(day("2006 at 1", "2024  of 5"), Err(text.to_owned()));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let error = |layout, text| parse(layout, text).unwrap_err();
        assert_eq!(
            error("2006-01-02", "2024-x"),
            "parsing time \"2024-x\" as \"2006-01-02\": cannot parse \"x\" as \"01\""
        );
        assert_eq!(error("2006", "2024!"), "parsing time \"2024!\": extra text: \"!\"");
        assert_eq!(error("2006-01-02", "2024-13-01"), "parsing time \"2024-13-01\": month out of range");
        assert_eq!(error("2006-01-02", "2024-02-30"), "parsing time \"2024-02-30\": day out of range");
        assert_eq!(error("15:04", "25:00"), "parsing time \"25:00\": hour out of range");
        assert_eq!(error("3:04PM", "13:05AM"), "parsing time \"13:05AM\": hour out of range");
        assert_eq!(error("03:04", "13:05"), "parsing time \"13:05\": hour out of range");
    }
}
