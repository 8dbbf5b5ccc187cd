//! The `base64` module: the standard alphabet with padding.

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};
use base64::{DecodeError, Engine};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
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
/// The process is being ended.
pub fn encode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(match args.first().and_then(Value::as_bytes) {
        Some(bytes) => {
            cx.spend_text(bytes.len())?;
            Multi::from_values(cx, [STANDARD.encode(bytes).into(), Value::NIL])
        }
        None => cx.failure("Invalid", "string expected"),
    })
}

/// `base64.decode(text)`: line ends inside are ignored.
///
/// # Errors
/// The process is being ended.
pub fn decode(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(text) = args.first().and_then(Value::as_bytes) else {
        return Ok(cx.failure("Invalid", "string expected"));
    };
    cx.spend_text(text.len())?;
    let bytes: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    Ok(match LENIENT.decode(&bytes) {
        Ok(decoded) => Multi::from_values(cx, [decoded.into(), Value::NIL]),
        Err(error) => {
            let at = first_problem(text, &error);
            cx.failure("Invalid", format!("illegal base64 data at input byte {at}"))
        }
    })
}

/// Reads bits that are left over in the last symbol as if they were 0.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// Where the text, line ends included, goes wrong: at a byte that is out of place, at its end if padding is
/// missing there, at the beginning of a group of four that is cut off.
fn first_problem(text: &[u8], error: &DecodeError) -> usize {
    let symbols = text.iter().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    let symbols: Vec<(usize, u8)> = symbols.map(|(at, byte)| (at, *byte)).collect();
    let pads = symbols.iter().position(|(_, byte)| *byte == b'=');
    let whole = symbols.len() / 4 * 4;
    let problem = match (error, pads) {
        (DecodeError::InvalidByte(at, byte), _) if *byte != b'=' && pads.is_none_or(|pad| pad > *at) => *at,
        // Padding that comes too early, is only half there, or has something behind it.
        (_, Some(pad)) => match pad % 4 {
            0 | 1 => pad,
            2 => match symbols.get(pad + 1) {
                None => return text.len(),
                Some((_, b'=')) => pad + 2,
                Some(_) => pad,
            },
            _ => pad + 1,
        },
        _ => whole,
    };
    symbols.get(problem).map_or(text.len(), |(at, _)| *at)
}
