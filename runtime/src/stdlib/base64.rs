//! The `base64` module: the standard alphabet with padding.

use base64::engine::general_purpose::STANDARD;
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
    Ok(match STANDARD.decode(&bytes) {
        Ok(decoded) => Multi::from_values(cx, [decoded.into(), Value::NIL]),
        Err(error) => {
            let at = match error {
                DecodeError::InvalidByte(at, _) => at,
                DecodeError::InvalidLastSymbol { offset, .. } => offset,
                _ => bytes.len() / 4 * 4,
            };
            cx.failure("Invalid", format!("illegal base64 data at input byte {at}"))
        }
    })
}
