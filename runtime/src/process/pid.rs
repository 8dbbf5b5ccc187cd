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

/// The canonical text of a process on the host of that prefix.
pub fn format(prefix: &str, number: u64) -> String {
    let end = End::new(number);
    prefix.chars().chain(end.bytes().iter().copied().map(char::from)).collect()
}

/// What the PIDs of a host's processes begin with: `{app:processes|0x`.
pub fn prefix(host: &str) -> Box<str> {
    format!("{{{host}|0x").into()
}

/// The end of a PID's text: its number and what closes it, `0002a}`. Made by hand, because every message
/// that says its sender needs it.
pub struct End {
    digits: [u8; 17],
    length: usize,
}

impl End {
    #[inline]
    pub fn new(number: u64) -> End {
        let width = match number {
            0..=0xf_ffff => 5,
            0x10_0000..=0xff_ffff => 6,
            0x100_0000..=0xffff_ffff => 8,
            _ => 16,
        };
        let low = eight_digits(number & u64::from(u32::MAX));
        let mut digits = [b'}'; 17];
        if width == 16 {
            let high = eight_digits(number >> 32);
            if let Some(place) = digits.first_chunk_mut() {
                *place = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
            }
        } else {
            // The digits in front that are not shown go; behind those that are it closes.
            let hidden = 8 * (8 - width);
            let closed = CLOSED & !(u64::MAX << hidden);
            if let Some(place) = digits.first_chunk_mut() {
                *place = (low << hidden | closed).to_be_bytes();
            }
        }
        End { digits, length: width + 1 }
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or(&self.digits)
    }
}

/// Eight times `}`.
const CLOSED: u64 = u64::from_be_bytes([b'}'; 8]);

/// The eight hexadecimal digits of a number below 2 to the power of 32, all at once: the first in the
/// highest byte.
#[inline]
fn eight_digits(number: u64) -> u64 {
    // Halves, bytes and digits move apart until each digit has a byte of its own.
    let spread = (number & 0xffff_0000) << 16 | number & 0xffff;
    let spread = (spread & 0x0000_ff00_0000_ff00) << 8 | spread & 0x0000_00ff_0000_00ff;
    let spread = (spread & 0x00f0_00f0_00f0_00f0) << 4 | spread & 0x000f_000f_000f_000f;
    // 1 in each byte that is a letter.
    let letters = (spread + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    spread + 0x3030_3030_3030_3030 + letters * u64::from(b'a' - b'0' - 10)
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
            assert_eq!(format(&prefix("app:terminal"), number), text);
            let expected = ParsedPid { node: None, host: "app:terminal", number: Some(number) };
            assert_eq!(parse(text), Ok(expected));
        }
        let long = "app:".repeat(20);
        assert_eq!(format(&prefix(&long), 42), format!("{{{long}|0x0002a}}"));
        assert_eq!(parse("{a@b:c|0x1}").map(|pid| (pid.node, pid.host)), Ok((Some("a"), "b:c")));
        assert_eq!(parse("nobody"), Err("invalid pid format: missing braces"));
        assert_eq!(parse("{nobody}"), Err("invalid pid format: missing pipe"));
    }
}
