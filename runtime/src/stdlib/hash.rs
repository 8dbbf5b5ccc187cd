//! The `hash` module: digests and keyed digests, as hexadecimal text or raw bytes.

use hmac::{Hmac, Mac, digest::KeyInit};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::value::Value;

crate::library! {
    pub static HASH = "hash" {
        "md5" => plain md5,
        "sha1" => plain sha1,
        "sha256" => plain sha256,
        "sha512" => plain sha512,
        "hmac_md5" => plain hmac_md5,
        "hmac_sha1" => plain hmac_sha1,
        "hmac_sha256" => plain hmac_sha256,
        "hmac_sha512" => plain hmac_sha512,
        "fnv32" => plain fnv32,
        "fnv64" => plain fnv64,
    }
}

fn result(cx: Cx, digest: &[u8], raw: Option<&Value>) -> Multi {
    let value = if raw.is_some_and(Value::truthy) {
        Value::string(digest)
    } else {
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
    };
    Multi::pair(cx, value, Value::NIL)
}

/// The data to look at, its time spent; nothing if it is no string.
fn data(cx: Cx, args: &[Value]) -> LuaResult<Option<&[u8]>> {
    let data = args.first().and_then(Value::as_bytes);
    cx.spend_bytes(data.map_or(0, <[u8]>::len))?;
    Ok(data)
}

fn digest<D: Digest>(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    Ok(match data(cx, args)? {
        Some(data) => result(cx, &D::digest(data), args.get(1)),
        None => cx.failure("Invalid", "data must be a string"),
    })
}

fn keyed<M: Mac + KeyInit>(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(data) = data(cx, args)? else {
        return Ok(cx.failure("Invalid", "data must be a string"));
    };
    let Some(secret) = args.get(1).and_then(Value::as_bytes) else {
        return Ok(cx.failure("Invalid", "secret must be a string"));
    };
    cx.spend_bytes(secret.len())?;
    // A key of any length is fine.
    Ok(match <M as KeyInit>::new_from_slice(secret) {
        Ok(mac) => result(cx, &mac.chain_update(data).finalize().into_bytes(), args.get(2)),
        Err(error) => cx.failure("Invalid", error.to_string()),
    })
}

/// Defines the functions of one digest.
macro_rules! digests {
    ($($plain:ident, $keyed:ident: $digest:ty;)*) => {$(
        /// The digest of the data, raw if the second argument is true.
        ///
        /// # Errors
        /// The process is being ended.
        pub fn $plain(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
            digest::<$digest>(cx, args)
        }

        /// The digest of the data under a secret, raw if the third argument is true.
        ///
        /// # Errors
        /// The process is being ended.
        pub fn $keyed(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
            keyed::<Hmac<$digest>>(cx, args)
        }
    )*};
}

digests! {
    md5, hmac_md5: Md5;
    sha1, hmac_sha1: Sha1;
    sha256, hmac_sha256: Sha256;
    sha512, hmac_sha512: Sha512;
}

/// `hash.fnv32(data)`: FNV-1, multiply then xor.
///
/// # Errors
/// The process is being ended.
pub fn fnv32(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(data) = data(cx, args)? else {
        return Ok(cx.failure("Invalid", "data must be a string"));
    };
    let hash =
        data.iter().fold(0x811c_9dc5_u32, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(*byte));
    Ok(Multi::from_values(cx, [Value::int(i64::from(hash)), Value::NIL]))
}

/// `hash.fnv64(data)`: FNV-1, as a 64-bit integer.
///
/// # Errors
/// The process is being ended.
pub fn fnv64(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(data) = data(cx, args)? else {
        return Ok(cx.failure("Invalid", "data must be a string"));
    };
    let step = |hash: u64, byte: &u8| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte);
    let hash = data.iter().fold(0xcbf2_9ce4_8422_2325_u64, step);
    Ok(Multi::from_values(cx, [Value::int(hash.cast_signed()), Value::NIL]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s;
    use crate::testing::with_cx;

    #[test]
    fn digests_agree_with_published_ones() {
        with_cx(|cx| {
            let text = |result: LuaResult<Multi>| {
                String::from_utf8_lossy(result.unwrap().first().as_bytes().unwrap()).into_owned()
            };
            assert_eq!(text(md5(cx, &[s!("abc")])), "900150983cd24fb0d6963f7d28e17f72");
            assert_eq!(text(sha1(cx, &[s!("abc")])), "a9993e364706816aba3e25717850c26c9cd0d89d");
            assert!(text(sha256(cx, &[s!("abc")])).starts_with("ba7816bf8f01cfea414140de5dae2223"));
            assert!(text(sha512(cx, &[s!("abc")])).starts_with("ddaf35a193617abacc417349ae204131"));
            let fox = s!("The quick brown fox jumps over the lazy dog");
            assert_eq!(text(hmac_md5(cx, &[fox.clone(), s!("key")])), "80070713463e7749b90c2dc24911e275");
            assert_eq!(text(hmac_sha1(cx, &[fox, s!("key")])), "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
            assert_eq!(sha256(cx, &[s!("abc"), Value::TRUE]).unwrap().first().as_bytes().unwrap().len(), 32);
            assert_eq!(fnv32(cx, &[s!("a")]).unwrap().first().as_int(), Some(0x050c_5d7e));
            assert_eq!(
                fnv64(cx, &[s!("a")]).unwrap().first().as_int(),
                Some(0xaf63_bd4c_8601_b7be_u64.cast_signed())
            );
        });
    }
}
