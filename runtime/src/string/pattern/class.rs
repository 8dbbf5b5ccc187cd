//! Classes of bytes: `%a`, `%d` and so on.

/// Which classes each byte is in: bit n is the class of the letter `a` + n.
static CLASSES: [u32; 256] = classes();

const fn classes() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0u8;
    loop {
        let mut letter = b'a';
        while letter <= b'z' {
            if is_in(byte, letter) {
                table[byte as usize] |= 1 << (letter - b'a');
            }
            letter += 1;
        }
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

/// The letters that name classes, one bit each.
const LETTERS: u32 = {
    let (letters, mut mask, mut at) = (b"acdglpsuwxz", 0, 0);
    while at < letters.len() {
        mask |= 1 << (letters[at] - b'a');
        at += 1;
    }
    mask
};

/// Whether the byte is in the class of that small letter.
const fn is_in(byte: u8, letter: u8) -> bool {
    match letter {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'g' => byte.is_ascii_graphic(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => byte.is_ascii_whitespace() || byte == 0x0b,
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        b'z' => byte == 0,
        _ => false,
    }
}

/// `%a`, `%d`, ...: a letter names a class, its capital the complement, anything else itself.
#[inline]
pub fn in_class(byte: u8, class: u8) -> bool {
    match class_bit(class) {
        Some((bit, wanted)) => has(byte, bit) == wanted,
        None => class == byte,
    }
}

/// The bit of a class, and whether its members have it; `None` for what names no class.
#[inline]
pub fn class_bit(class: u8) -> Option<(u32, bool)> {
    let letter = (class | 0x20).wrapping_sub(b'a');
    (class.is_ascii_alphabetic() && LETTERS & (1 << letter) != 0)
        .then(|| (1 << letter, class.is_ascii_lowercase()))
}

/// Whether the byte is in the class of this bit.
#[inline]
pub fn has(byte: u8, bit: u32) -> bool {
    CLASSES[usize::from(byte)] & bit != 0
}
