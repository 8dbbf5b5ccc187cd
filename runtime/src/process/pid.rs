//! PIDs: what names a process inside the runtime, and the text that names it in Lua,
//! `{app:processes|0x0002a}`.

use smallvec::SmallVec;

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

/// A PID's text while it is put together.
pub type PidText = SmallVec<[u8; 64]>;

/// The canonical text.
pub fn format(host: &str, number: u64) -> String {
    String::from_utf8_lossy(&text(host, number)).into_owned()
}

/// The canonical text, without allocating where it is short.
pub fn text(host: &str, number: u64) -> PidText {
    let width = match number {
        0..=0xf_ffff => 5,
        0x10_0000..=0xff_ffff => 6,
        0x100_0000..=0xffff_ffff => 8,
        _ => 16,
    };
    // By hand, because every message that says its sender needs it.
    let length = host.len() + b"{|0x}".len() + width;
    let mut room = [0; 64];
    let Some(text) = room.get_mut(..length) else { return long_text(host, number, width) };
    let (front, rest) = text.split_at_mut(host.len() + 1);
    if let Some((brace, place)) = front.split_first_mut() {
        *brace = b'{';
        place.copy_from_slice(host.as_bytes());
    }
    if let [bar, zero, x, digits @ .., brace] = rest {
        (*bar, *zero, *x, *brace) = (b'|', b'0', b'x', b'}');
        let mut left = number;
        for digit in digits.iter_mut().rev() {
            let value = (left & 0xf) as u8;
            *digit = if value < 10 { b'0' + value } else { b'a' - 10 + value };
            left >>= 4;
        }
    }
    PidText::from_buf_and_len(room, length)
}

#[cold]
fn long_text(host: &str, number: u64, width: usize) -> PidText {
    PidText::from_slice(format!("{{{host}|0x{number:0width$x}}}").as_bytes())
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
