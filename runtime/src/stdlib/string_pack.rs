//! `string.pack`, `packsize` and `unpack`: binary layouts, as Lua 5.3 has them on a little-endian
//! 64-bit machine.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::{Args, Multi};
use crate::stdlib::args;
use crate::stdlib::string::from_start;
use crate::string::{MAX_LENGTH, Sink, StrBuf};
use crate::value::Value;

/// The largest integer a format may ask for.
const MAX_INT_SIZE: usize = 16;
/// The size of a Lua integer.
const INT_SIZE: usize = 8;
/// What `!` alone aligns to.
const NATIVE_ALIGNMENT: usize = 8;

/// One option of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Signed,
    Unsigned,
    Float,
    /// `c[n]`: bytes, filled up with zeros.
    Fixed,
    /// `s[n]`: a length, then bytes.
    Counted,
    /// `z`: bytes up to a zero.
    Terminated,
    /// `x`: one zero byte.
    Padding,
    /// `X`: nothing but the alignment of the option behind.
    Alignment,
    /// A blank or a setting.
    Nothing,
}

/// An option with its size and the padding in front of it.
struct Item {
    kind: Kind,
    size: usize,
    padding: usize,
}

/// A format being read, with the settings met so far.
struct Format<'a> {
    cx: Cx,
    function: &'static str,
    rest: &'a [u8],
    is_little: bool,
    max_alignment: usize,
}

impl<'a> Format<'a> {
    fn new(cx: Cx, function: &'static str, text: &'a [u8]) -> Format<'a> {
        // As in C, a format ends at its first zero byte.
        let end = memchr::memchr(0, text).unwrap_or(text.len());
        let rest = text.get(..end).unwrap_or_default();
        Format { cx, function, rest, is_little: true, max_alignment: 1 }
    }

    /// The next option; `offset` is where its padding would start.
    fn next(&mut self, offset: usize) -> LuaResult<Option<Item>> {
        let Some((kind, size)) = self.option()? else { return Ok(None) };
        let mut alignment = size;
        if kind == Kind::Alignment {
            alignment = match self.option()? {
                Some((kind, size)) if kind != Kind::Fixed && size > 0 => size,
                _ => return Err(self.argument("invalid next option for option 'X'")),
            };
        }
        let mut padding = 0;
        if alignment > 1 && kind != Kind::Fixed {
            let alignment = alignment.min(self.max_alignment);
            if !alignment.is_power_of_two() {
                return Err(self.argument("format asks for alignment not power of 2"));
            }
            padding = offset.wrapping_neg() & (alignment - 1);
        }
        Ok(Some(Item { kind, size, padding }))
    }

    fn argument(&self, detail: &str) -> crate::error::Thrown {
        self.cx.throw_argument(1, self.function, detail)
    }

    fn option(&mut self) -> LuaResult<Option<(Kind, usize)>> {
        let Some((&option, rest)) = self.rest.split_first() else { return Ok(None) };
        self.rest = rest;
        let found = match option {
            b'b' => (Kind::Signed, 1),
            b'B' => (Kind::Unsigned, 1),
            b'h' => (Kind::Signed, 2),
            b'H' => (Kind::Unsigned, 2),
            b'i' => (Kind::Signed, self.int_size(4)?),
            b'I' => (Kind::Unsigned, self.int_size(4)?),
            b'l' | b'j' => (Kind::Signed, 8),
            b'L' | b'J' | b'T' => (Kind::Unsigned, 8),
            b'f' => (Kind::Float, 4),
            b'd' | b'n' => (Kind::Float, 8),
            b's' => (Kind::Counted, self.int_size(8)?),
            b'c' => match self.number() {
                Some(size) => (Kind::Fixed, size),
                None => return Err(self.cx.throw_text("missing size for format option 'c'")),
            },
            b'z' => (Kind::Terminated, 0),
            b'x' => (Kind::Padding, 1),
            b'X' => (Kind::Alignment, 0),
            b' ' => (Kind::Nothing, 0),
            b'<' | b'=' => {
                self.is_little = true;
                (Kind::Nothing, 0)
            }
            b'>' => {
                self.is_little = false;
                (Kind::Nothing, 0)
            }
            b'!' => {
                self.max_alignment = self.int_size(NATIVE_ALIGNMENT)?;
                (Kind::Nothing, 0)
            }
            other => {
                let option = crate::string::format::shown(other);
                return Err(self.cx.throw_text(format!("invalid format option '{option}'")));
            }
        };
        Ok(Some(found))
    }

    /// The number that stands here, if one does; cut where it would leave 31 bits.
    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some((digit @ b'0'..=b'9', rest)) = self.rest.split_first() {
            let sum = number.unwrap_or(0) * 10 + usize::from(digit - b'0');
            number = Some(sum);
            self.rest = rest;
            if sum > (MAX_LENGTH - 9) / 10 {
                break;
            }
        }
        number
    }

    fn int_size(&mut self, default: usize) -> LuaResult<usize> {
        let size = self.number().unwrap_or(default);
        if !(1..=MAX_INT_SIZE).contains(&size) {
            let text = format!("integral size ({size}) out of limits [1,{MAX_INT_SIZE}]");
            return Err(self.cx.throw_text(text));
        }
        Ok(size)
    }

    /// Appends the lowest `size` bytes of an integer, extended by its sign.
    fn put_int(&self, into: &mut StrBuf, value: i64, size: usize, is_negative: bool) {
        let mut bytes = [if is_negative { 0xff } else { 0 }; MAX_INT_SIZE];
        for (slot, byte) in bytes.iter_mut().zip(value.to_le_bytes()) {
            *slot = byte;
        }
        let bytes = bytes.get_mut(..size).unwrap_or_default();
        self.order(bytes);
        into.extend_from_slice(bytes);
    }

    /// Turns little-endian bytes into the format's order.
    fn order(&self, bytes: &mut [u8]) {
        if !self.is_little {
            bytes.reverse();
        }
    }

    /// Reads an integer of at most 16 bytes.
    fn get_int(&self, bytes: &[u8], is_signed: bool) -> LuaResult<i64> {
        let mut ordered = [0u8; MAX_INT_SIZE];
        let size = bytes.len();
        for (slot, byte) in ordered.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        self.order(ordered.get_mut(..size).unwrap_or_default());
        let wide = u128::from_le_bytes(ordered);
        if size <= INT_SIZE {
            let bits = 64 - u32::try_from(size * 8).unwrap_or(64);
            let low = (wide as u64) << bits;
            return Ok(if is_signed { low.cast_signed() >> bits } else { (low >> bits).cast_signed() });
        }
        let (low, high) = (wide as u64, (wide >> 64) as u64);
        let extension_bits = u32::try_from((size - INT_SIZE) * 8).unwrap_or(64);
        let all = if extension_bits == 64 { u64::MAX } else { (1 << extension_bits) - 1 };
        let expected = if is_signed && low.cast_signed() < 0 { all } else { 0 };
        if high != expected {
            return Err(self.cx.throw_text(format!("{size}-byte integer does not fit into Lua Integer")));
        }
        Ok(low.cast_signed())
    }
}

/// `string.pack(format, ...)`
///
/// # Errors
/// A wrong format, values that do not fit.
pub fn pack(cx: Cx, args: &[Value]) -> LuaResult {
    let text = args::string(cx, args, 1, "string.pack")?;
    // Lua's own library sees a nil behind the last argument, and its messages say so.
    let args: Args = args.iter().cloned().chain([Value::NIL]).collect();
    let mut format = Format::new(cx, "string.pack", &text);
    let mut packed = StrBuf::with_capacity(0);
    let mut position = 1;
    while let Some(item) = format.next(packed.len())? {
        if packed.len() + item.padding + item.size > MAX_LENGTH {
            return Err(cx.throw_text("resulting string too large"));
        }
        packed.fill(0, item.padding);
        match item.kind {
            Kind::Padding => packed.push(0),
            Kind::Alignment | Kind::Nothing => {}
            _ => {
                position += 1;
                pack_value(&format, &item, &args, position, &mut packed)?;
            }
        }
    }
    packed.finish(cx)
}

fn pack_value(
    format: &Format<'_>,
    item: &Item,
    args: &[Value],
    position: usize,
    packed: &mut StrBuf,
) -> LuaResult<()> {
    let cx = format.cx;
    let refused = |detail: &str| Err(cx.throw_argument(position, "string.pack", detail));
    let bits = u32::try_from(item.size * 8).unwrap_or(128);
    match item.kind {
        Kind::Signed => {
            let value = args::integer(cx, args, position, "string.pack")?;
            if bits < 64 && !(-(1i64 << (bits - 1))..1i64 << (bits - 1)).contains(&value) {
                return refused("integer overflow");
            }
            format.put_int(packed, value, item.size, value < 0);
        }
        Kind::Unsigned => {
            let value = args::integer(cx, args, position, "string.pack")?;
            if bits < 64 && value.cast_unsigned() >> bits != 0 {
                return refused("unsigned overflow");
            }
            format.put_int(packed, value, item.size, false);
        }
        Kind::Float => {
            let value = args::number(cx, args, position, "string.pack")?;
            if item.size == 4 {
                #[expect(clippy::cast_possible_truncation, reason = "the format asks for a short float")]
                let mut bytes = (value as f32).to_le_bytes();
                format.order(&mut bytes);
                packed.extend_from_slice(&bytes);
            } else {
                let mut bytes = value.to_le_bytes();
                format.order(&mut bytes);
                packed.extend_from_slice(&bytes);
            }
        }
        Kind::Fixed => {
            let bytes = args::string(cx, args, position, "string.pack")?;
            if bytes.len() > item.size {
                return refused("string longer than given size");
            }
            packed.extend_from_slice(&bytes);
            packed.fill(0, item.size - bytes.len());
        }
        Kind::Counted => {
            let bytes = args::string(cx, args, position, "string.pack")?;
            let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            if bits < 64 && length >> bits != 0 {
                return refused("string length does not fit in given size");
            }
            format.put_int(packed, length, item.size, false);
            packed.extend_from_slice(&bytes);
        }
        Kind::Terminated => {
            let bytes = args::string(cx, args, position, "string.pack")?;
            if bytes.contains(&0) {
                return refused("string contains zeros");
            }
            packed.extend_from_slice(&bytes);
            packed.push(0);
        }
        Kind::Padding | Kind::Alignment | Kind::Nothing => {}
    }
    Ok(())
}

/// `string.packsize(format)`
///
/// # Errors
/// A wrong format, or one without a fixed size.
pub fn packsize(cx: Cx, args: &[Value]) -> LuaResult {
    let text = args::string(cx, args, 1, "string.packsize")?;
    let mut format = Format::new(cx, "string.packsize", &text);
    let mut total = 0usize;
    while let Some(item) = format.next(total)? {
        total += item.padding + item.size;
        if total > MAX_LENGTH {
            return Err(format.argument("format result too large"));
        }
        if matches!(item.kind, Kind::Counted | Kind::Terminated) {
            return Err(format.argument("variable-length format"));
        }
    }
    Ok(args::count(total))
}

/// `string.unpack(format, s [, position])`: the values and the position behind them.
///
/// # Errors
/// A wrong format, data that is too short.
pub fn unpack(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let text = args::string(cx, args, 1, "string.unpack")?;
    let data = args::string(cx, args, 2, "string.unpack")?;
    let start = from_start(args::optional_integer(cx, args, 3, "string.unpack", 1)?, data.len()) - 1;
    let Some(mut at) = usize::try_from(start).ok().filter(|start| *start <= data.len()) else {
        return Err(cx.throw_argument(3, "string.unpack", "initial position out of string"));
    };
    let mut format = Format::new(cx, "string.unpack", &text);
    let mut values = Args::new();
    while let Some(item) = format.next(at)? {
        at += item.padding;
        let short = || cx.throw_argument(2, "string.unpack", "data string too short");
        let bytes = data.get(at..at.saturating_add(item.size)).ok_or_else(short)?;
        at += item.size;
        match item.kind {
            Kind::Signed => values.push(Value::int(format.get_int(bytes, true)?)),
            Kind::Unsigned => values.push(Value::int(format.get_int(bytes, false)?)),
            Kind::Float => values.push(Value::float(get_float(&format, bytes))),
            Kind::Fixed => values.push(Value::string(bytes)),
            Kind::Counted => {
                let length = usize::try_from(format.get_int(bytes, false)?).unwrap_or(usize::MAX);
                let text = data.get(at..at.saturating_add(length)).ok_or_else(short)?;
                values.push(Value::string(text));
                at += length;
            }
            Kind::Terminated => {
                let rest = data.get(at..).unwrap_or_default();
                let length = memchr::memchr(0, rest).unwrap_or(rest.len());
                values.push(Value::string(rest.get(..length).unwrap_or_default()));
                at += length + 1;
            }
            Kind::Padding | Kind::Alignment | Kind::Nothing => {}
        }
    }
    values.push(args::count(at + 1));
    Ok(Multi::from_values(cx, values))
}

fn get_float(format: &Format<'_>, bytes: &[u8]) -> f64 {
    let mut ordered = [0u8; 8];
    for (slot, byte) in ordered.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    format.order(ordered.get_mut(..bytes.len()).unwrap_or_default());
    let bits = u64::from_le_bytes(ordered);
    if bytes.len() == 4 { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_cx;

    #[test]
    fn what_is_packed_unpacks() {
        with_cx(|cx| {
            let format: Value = "<!4 i1 >i4 <I16 f d s2 z c5 Xi4 x".into();
            let values: [Value; 8] = [
                Value::int(-2),
                Value::int(-70_000),
                Value::int(77),
                Value::float(0.5),
                Value::float(-1e300),
                "counted".into(),
                "zero".into(),
                "abc".into(),
            ];
            let mut args = vec![format.clone()];
            args.extend(values.iter().cloned());
            let packed = pack(cx, &args).unwrap();
            let unpacked = unpack(cx, &[format, packed]).unwrap().into_args(cx);
            let texts: Vec<String> = unpacked.iter().map(|value| format!("{value:?}")).collect();
            assert_eq!(
                texts,
                ["-2", "-70000", "77", "0.5", "-1e300", "\"counted\"", "\"zero\"", "\"abc\\0\\0\"", "58"]
            );
        });
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        with_cx(|cx| {
            let text = |result: LuaResult| match result {
                Ok(value) => format!("{value:?}"),
                Err(thrown) => String::from_utf8_lossy(cx.catch(thrown).as_bytes().unwrap()).into_owned(),
            };
            let packed = |format: &str, value: Value| text(pack(cx, &[format.into(), value]));
            let argument = |detail: &str| format!("bad argument #2 to 'string.pack' ({detail})");
            assert_eq!(packed("b", Value::int(128)), argument("integer overflow"));
            assert_eq!(packed("B", Value::int(256)), argument("unsigned overflow"));
            assert_eq!(packed("c2", "abc".into()), argument("string longer than given size"));
            assert_eq!(packed("z", "a\0b".into()), argument("string contains zeros"));
            assert_eq!(packed("i17", Value::int(1)), "integral size (17) out of limits [1,16]");
            assert_eq!(packed("c", Value::int(1)), "missing size for format option 'c'");
            assert_eq!(packed("y", Value::int(1)), "invalid format option 'y'");
            assert_eq!(
                text(packsize(cx, &["s".into()])),
                "bad argument #1 to 'string.packsize' (variable-length format)"
            );
        });
    }
}
