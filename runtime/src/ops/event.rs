//! The metamethods' names, as static strings whose hashes the Rust compiler computed.

use crate::cx::Cx;
use crate::string::StaticStr;
use crate::value::{Tag, Value};

/// Defines the events and their names.
macro_rules! events {
    ($($variant:ident $name:literal,)*) => {
        /// What a metamethod is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Event { $($variant),* }

        impl Event {
            pub const ALL: &[Event] = &[$(Event::$variant),*];

            /// Its key in a metatable.
            pub fn key(self) -> &'static StaticStr {
                match self {
                    $(Event::$variant => {
                        static NAME: StaticStr = StaticStr::new($name.as_bytes());
                        &NAME
                    })*
                }
            }

            /// Its key as text.
            pub fn name(self) -> &'static str {
                match self { $(Event::$variant => $name),* }
            }
        }
    };
}

events! {
    Index "__index",
    NewIndex "__newindex",
    Call "__call",
    Eq "__eq",
    Lt "__lt",
    Le "__le",
    Len "__len",
    Concat "__concat",
    Unm "__unm",
    Mode "__mode",
    Gc "__gc",
    Close "__close",
    Tostring "__tostring",
    Name "__name",
    Metatable "__metatable",
    Pairs "__pairs",
    Add "__add",
    Sub "__sub",
    Mul "__mul",
    Div "__div",
    Mod "__mod",
    Pow "__pow",
    Idiv "__idiv",
    Band "__band",
    Bor "__bor",
    Bxor "__bxor",
    Shl "__shl",
    Shr "__shr",
    Bnot "__bnot",
}

/// The metamethod of a value, read raw; nil if there is none.
pub fn metamethod(cx: Cx, value: &Value, event: Event) -> Value {
    match value.tag() {
        Tag::Table => value.as_table().map(|table| table.metamethod(event)).unwrap_or_default(),
        Tag::String | Tag::StaticString => {
            let metatable = cx.string_metatable();
            metatable.as_table().map(|metatable| metatable.get_str(event.key())).unwrap_or_default()
        }
        Tag::UserData => {
            let Some(object) = value.as_userdata() else { return Value::NIL };
            match object.body().metatable(cx) {
                Some(metatable) => {
                    metatable.as_table().map(|table| table.get_str(event.key())).unwrap_or_default()
                }
                None => object.methods().get_str(cx, event.key()),
            }
        }
        _ => Value::NIL,
    }
}

/// The name of a value's type in messages: `__name` where a metatable gives one.
pub fn type_name(cx: Cx, value: &Value) -> std::borrow::Cow<'static, str> {
    if matches!(value.tag(), Tag::Table | Tag::UserData) {
        let name = metamethod(cx, value, Event::Name);
        if let Some(bytes) = name.as_bytes() {
            return String::from_utf8_lossy(bytes).into_owned().into();
        }
    }
    value.type_name().into()
}
