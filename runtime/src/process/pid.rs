//! PIDs: what names a process inside the runtime, and the text that names it in Lua,
//! `{app:processes|0x0002a}`.

use crate::process::host::HostId;
use crate::sched::Identity;

/// A process of this system, alive or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pid {
    pub identity: Identity,
    /// The number that is shown: a plain counter, never given out twice.
    pub number: u64,
    pub host: HostId,
}

impl Pid {
    /// Stands where there is no process: unit tests of the language, before a start.
    pub const NONE: Pid = Pid { identity: Identity::NONE, number: 0, host: HostId::NONE };
}

/// A PID's text taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct ParsedPid<'a> {
    pub node: Option<&'a str>,
    pub host: &'a str,
    /// The counter; `None` where the text after the bar is no such number.
    pub number: Option<u64>,
}

/// The canonical text.
pub fn format(host: &str, number: u64) -> String {
    let mut text = vec![0; length(host, number)];
    write(host, number, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// How many digits a number is shown with.
#[inline]
fn width(number: u64) -> usize {
    match number {
        0..=0xf_ffff => 5,
        0x10_0000..=0xff_ffff => 6,
        0x100_0000..=0xffff_ffff => 8,
        _ => 16,
    }
}

/// How long the canonical text is.
#[inline]
pub fn length(host: &str, number: u64) -> usize {
    host.len() + b"{|0x}".len() + width(number)
}

/// Writes the canonical text into `text`, which has its length. By hand, because every message that says
/// its sender needs it.
#[inline]
pub fn write(host: &str, number: u64, text: &mut [u8]) {
    let Some((brace, text)) = text.split_first_mut() else { return };
    let Some((name, text)) = text.split_at_mut_checked(host.len()) else { return };
    *brace = b'{';
    name.copy_from_slice(host.as_bytes());
    if let [bar, zero, x, digits @ .., brace] = text {
        (*bar, *zero, *x, *brace) = (b'|', b'0', b'x', b'}');
        write_digits(number, digits);
    }
}

/// Writes the last digits of a number, as many as there is room for.
#[inline]
fn write_digits(number: u64, digits: &mut [u8]) {
    let [high, low] = [number >> 32, number & u64::from(u32::MAX)].map(eight_digits);
    let (front, back) = digits.split_at_mut(digits.len().saturating_sub(8));
    for (to, from) in [(back, low), (front, high)] {
        for (digit, value) in to.iter_mut().rev().zip(from.into_iter().rev()) {
            *digit = value;
        }
    }
}

/// The eight hexadecimal digits of a number below 2 to the power of 32, all at once.
#[inline]
fn eight_digits(number: u64) -> [u8; 8] {
    // Halves, bytes and digits move apart until each digit has a byte of its own.
    let spread = (number & 0xffff_0000) << 16 | number & 0xffff;
    let spread = (spread & 0x0000_ff00_0000_ff00) << 8 | spread & 0x0000_00ff_0000_00ff;
    let spread = (spread & 0x00f0_00f0_00f0_00f0) << 4 | spread & 0x000f_000f_000f_000f;
    // 1 in each byte that is a letter.
    let letters = (spread + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (spread + 0x3030_3030_3030_3030 + letters * u64::from(b'a' - b'0' - 10)).to_be_bytes()
}

/// Reads `{HOST|UNIQ}`, with `NODE@` in front of the host or `NS:NAME|` behind it.
///
/// # Errors
/// The text for what is missing.
pub fn parse(text: &str) -> Result<ParsedPid<'_>, &'static str> {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let inner = inner.filter(|_| text.len() >= 3).ok_or("invalid pid format: missing braces")?;
    let (place, _) = inner.split_once('|').ok_or("invalid pid format: missing pipe")?;
    let unique = inner.rsplit_once('|').map_or("", |(_, unique)| unique);
    let (node, host) = place.split_once('@').map_or((None, place), |(node, host)| (Some(node), host));
    let number = unique.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
    Ok(ParsedPid { node, host, number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pids_read_back_as_they_were_written() {
        for (number, text) in [
            (1, "{app:terminal|0x00001}"),
            (0x10_0000, "{app:terminal|0x100000}"),
            (0x100_0000, "{app:terminal|0x01000000}"),
            (0x1_0000_0000, "{app:terminal|0x0000000100000000}"),
            (0x9abc_def0_1234_5678, "{app:terminal|0x9abcdef012345678}"),
            (0x0_a9f0, "{app:terminal|0x0a9f0}"),
        ] {
            assert_eq!(format("app:terminal", number), text);
            let expected = ParsedPid { node: None, host: "app:terminal", number: Some(number) };
            assert_eq!(parse(text), Ok(expected));
        }
        let long = "app:".repeat(20);
        assert_eq!(format(&long, 42), format!("{{{long}|0x0002a}}"));
        assert_eq!(parse("{a@b:c|0x1}").map(|pid| (pid.node, pid.host)), Ok((Some("a"), "b:c")));
        assert_eq!(parse("nobody"), Err("invalid pid format: missing braces"));
        assert_eq!(parse("{nobody}"), Err("invalid pid format: missing pipe"));
    }
}
