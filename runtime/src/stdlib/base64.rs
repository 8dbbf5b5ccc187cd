//! The `base64` module: the standard alphabet with padding.

use std::borrow::Cow;

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};
use base64::{DecodeError, DecodeSliceError, Engine};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::string::StrBuf;
use crate::value::Value;

crate::library! {
    pub static BASE64 = "base64" {
        "encode" => plain encode,
        "decode" => plain decode,
    }
}

/// `base64.encode(bytes)`
///
/// # Errors
/// No memory for the text; the process is being ended.
pub fn encode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(bytes) = args.first().and_then(Value::as_bytes) else {
        return Ok(cx.failure("Invalid", "string expected"));
    };
    cx.spend_text(bytes.len())?;
    let length = bytes.len().div_ceil(3) * 4;
    let mut text = StrBuf::with_capacity(length);
    // There is room for all of it.
    text.extend_with(length, |room| STANDARD.encode_slice(bytes, room).unwrap_or(0));
    Ok(Multi::pair(cx, text.finish(cx)?, Value::NIL))
}

/// `base64.decode(text)`: line ends inside are ignored.
///
/// # Errors
/// No memory for the bytes; the process is being ended.
pub fn decode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(text) = args.first().and_then(Value::as_bytes) else {
        return Ok(cx.failure("Invalid", "string expected"));
    };
    cx.spend_text(text.len())?;
    let mut symbols = Cow::Borrowed(text);
    if text.iter().any(is_line_end) {
        let mut kept = Vec::new();
        if kept.try_reserve_exact(text.len()).is_err() {
            return Err(cx.throw_no_memory());
        }
        kept.extend(text.iter().copied().filter(|byte| !is_line_end(byte)));
        symbols = kept.into();
    }
    let room = symbols.len().div_ceil(4) * 3;
    let mut bytes = StrBuf::with_capacity(room);
    let mut problem = None;
    bytes.extend_with(room, |room| match LENIENT.decode_slice(&*symbols, room) {
        Ok(length) => length,
        Err(error) => {
            problem = Some(error);
            0
        }
    });
    Ok(match problem {
        Some(DecodeSliceError::DecodeError(error)) => {
            let at = first_problem(text, &error);
            cx.failure("Invalid", format!("illegal base64 data at input byte {at}"))
        }
        // There is room for all of it.
        _ => Multi::pair(cx, bytes.finish(cx)?, Value::NIL),
    })
}

fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Reads bits that are left over in the last symbol as if they were 0.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// Where the text, line ends included, goes wrong: at a byte that is out of place, at its end if padding is
/// missing there, at the beginning of a group of four that is cut off.
fn first_problem(text: &[u8], error: &DecodeError) -> usize {
    let symbols = || text.iter().enumerate().filter(|(_, byte)| !is_line_end(byte));
    let pads = symbols().position(|(_, byte)| *byte == b'=');
    let whole = symbols().count() / 4 * 4;
    let problem = match (error, pads) {
        (DecodeError::InvalidByte(at, byte), _) if *byte != b'=' && pads.is_none_or(|pad| pad > *at) => *at,
        // Padding that comes too early, is only half there, or has something behind it.
        (_, Some(pad)) => match pad % 4 {
            0 | 1 => pad,
            2 => match symbols().nth(pad + 1) {
                None => return text.len(),
                Some((_, b'=')) => pad + 2,
                Some(_) => pad,
            },
            _ => pad + 1,
        },
        _ => whole,
    };
    symbols().nth(problem).map_or(text.len(), |(at, _)| at)
}
