//! A Lua value in two machine words: a tag and 64 bits.
//!
//! Tags below [`Tag::String`] own nothing; the others hold one count of a heap object. That one
//! comparison is all that cloning and dropping a plain value costs.

use std::fmt;
use std::mem::ManuallyDrop;

use crate::function::{Closure, FunctionDef};
use crate::heap::{Gc, Header};
use crate::module::Module;
use crate::string::{LuaStr, StaticStr};
use crate::table::Table;
use crate::userdata::UserDataBox;

/// What the 64 bits of a [`Value`] are. The order matters: from `String` on they own a heap object.
///
/// As wide as a word: enums around a value keep their own tag in it, and would otherwise be moved as one
/// byte and fifteen odd ones, which stalls the processor when the value is read as two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u64)]
pub enum Tag {
    Nil,
    Boolean,
    Integer,
    Float,
    /// `&'static StaticStr`
    StaticString,
    /// `&'static FunctionDef`: a function without captures.
    StaticFunction,
    /// `&'static Module`: a frozen library table, shared by all processes.
    Module,
    String,
    Table,
    Closure,
    Thread,
    UserData,
    /// Another face of a host object, of which it holds a count: the receive case of a channel, the
    /// payload of a message.
    Facet,
    /// A captured variable that is written after its declaration. Lives in closures only; no Lua
    /// program ever sees one.
    Cell,
}

/// One Lua value.
#[repr(C)]
pub struct Value {
    tag: Tag,
    bits: u64,
}

impl Value {
    pub const NIL: Value = Value { tag: Tag::Nil, bits: 0 };
    pub const TRUE: Value = Value { tag: Tag::Boolean, bits: 1 };
    pub const FALSE: Value = Value { tag: Tag::Boolean, bits: 0 };

    #[inline(always)]
    pub const fn int(value: i64) -> Value {
        Value { tag: Tag::Integer, bits: value.cast_unsigned() }
    }

    #[inline(always)]
    pub const fn float(value: f64) -> Value {
        Value { tag: Tag::Float, bits: value.to_bits() }
    }

    #[inline(always)]
    pub const fn bool(value: bool) -> Value {
        if value { Value::TRUE } else { Value::FALSE }
    }

    #[inline(always)]
    pub fn static_str(text: &'static StaticStr) -> Value {
        Value { tag: Tag::StaticString, bits: address(text) }
    }

    #[inline(always)]
    pub fn function(def: &'static FunctionDef) -> Value {
        Value { tag: Tag::StaticFunction, bits: address(def) }
    }

    #[inline(always)]
    pub fn module(module: &'static Module) -> Value {
        Value { tag: Tag::Module, bits: address(module) }
    }

    /// A fresh string that owns a copy of `bytes`.
    pub fn string(bytes: impl AsRef<[u8]>) -> Value {
        LuaStr::new(bytes.as_ref())
    }

    #[inline(always)]
    pub fn tag(&self) -> Tag {
        self.tag
    }

    #[inline(always)]
    pub fn is_nil(&self) -> bool {
        self.tag == Tag::Nil
    }

    /// Everything but `nil` and `false`.
    #[inline(always)]
    pub fn truthy(&self) -> bool {
        // The bits of nil are zero, as those of false.
        (self.tag as u64 > Tag::Boolean as u64) | (self.bits != 0)
    }

    #[inline(always)]
    pub fn as_bool(&self) -> Option<bool> {
        (self.tag == Tag::Boolean).then_some(self.bits != 0)
    }

    #[inline(always)]
    pub fn as_int(&self) -> Option<i64> {
        (self.tag == Tag::Integer).then_some(self.bits.cast_signed())
    }

    #[inline(always)]
    pub fn as_float(&self) -> Option<f64> {
        (self.tag == Tag::Float).then_some(f64::from_bits(self.bits))
    }

    /// The bytes of a string; `None` for every other type, numbers included.
    #[inline(always)]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self.tag {
            Tag::StaticString => self.static_ref::<StaticStr>().map(StaticStr::bytes),
            Tag::String => self.as_object::<LuaStr>().map(LuaStr::bytes),
            _ => None,
        }
    }

    #[inline(always)]
    pub fn as_table(&self) -> Option<&Table> {
        if self.tag == Tag::Table { self.as_object::<Table>() } else { None }
    }

    /// The table, for inlined code: less of it than with [`Value::as_table`], whose reference is also asked
    /// whether it is one.
    ///
    /// # Safety
    /// The tag is `Tag::Table`.
    #[inline(always)]
    pub(crate) unsafe fn known_table(&self) -> &Table {
        debug_assert!(self.tag == Tag::Table);
        // SAFETY: the bits of this tag are a live table of which this value holds one count.
        unsafe { &*self.address::<Table>() }
    }

    #[inline(always)]
    pub fn as_closure(&self) -> Option<&Closure> {
        if self.tag == Tag::Closure { self.as_object::<Closure>() } else { None }
    }

    #[inline(always)]
    pub fn as_userdata(&self) -> Option<&UserDataBox> {
        if self.tag == Tag::UserData { self.as_object::<UserDataBox>() } else { None }
    }

    /// The head of a host object of which this is the other face.
    #[inline(always)]
    pub(crate) fn as_facet_head(&self) -> Option<&UserDataBox> {
        if self.tag != Tag::Facet {
            return None;
        }
        // SAFETY: facets are made of host objects alone, and this value holds a count.
        self.object().map(|object| unsafe { object.cast::<UserDataBox>().as_ref() })
    }

    #[inline(always)]
    pub fn as_static_function(&self) -> Option<&'static FunctionDef> {
        if self.tag == Tag::StaticFunction { self.static_ref() } else { None }
    }

    #[inline(always)]
    pub fn as_static_str(&self) -> Option<&'static StaticStr> {
        if self.tag == Tag::StaticString { self.static_ref() } else { None }
    }

    #[inline(always)]
    pub fn as_lua_str(&self) -> Option<&LuaStr> {
        if self.tag == Tag::String { self.as_object() } else { None }
    }

    #[inline(always)]
    pub fn as_module(&self) -> Option<&'static Module> {
        if self.tag == Tag::Module { self.static_ref() } else { None }
    }

    /// The definition of any function value.
    #[inline(always)]
    pub fn function_def(&self) -> Option<&'static FunctionDef> {
        self.as_static_function().or_else(|| self.as_closure().map(Closure::def))
    }

    /// The Lua type name: what `type(v)` gives.
    pub fn type_name(&self) -> &'static str {
        match self.tag {
            Tag::Nil => "nil",
            Tag::Boolean => "boolean",
            Tag::Integer | Tag::Float => "number",
            Tag::StaticString | Tag::String => "string",
            Tag::StaticFunction | Tag::Closure => "function",
            Tag::Module if self.is_logger() => "userdata",
            Tag::Module | Tag::Table => "table",
            Tag::Thread => "thread",
            Tag::UserData | Tag::Facet => "userdata",
            Tag::Cell => "cell",
        }
    }

    /// Whether it is the module that programs see as an object.
    #[cold]
    pub(crate) fn is_logger(&self) -> bool {
        self.bits == address(&crate::stdlib::logger::LOGGER)
    }

    /// [`Value::type_name`] as a string value, without allocating.
    pub fn type_name_value(&self) -> Value {
        /// A name as a static string.
        macro_rules! name {
            ($text:literal) => {{
                static NAME: StaticStr = StaticStr::new($text.as_bytes());
                Value::static_str(&NAME)
            }};
        }
        match self.tag {
            Tag::Nil => name!("nil"),
            Tag::Boolean => name!("boolean"),
            Tag::Integer | Tag::Float => name!("number"),
            Tag::StaticString | Tag::String => name!("string"),
            Tag::StaticFunction | Tag::Closure => name!("function"),
            Tag::Module if self.is_logger() => name!("userdata"),
            Tag::Module | Tag::Table => name!("table"),
            Tag::Thread => name!("thread"),
            Tag::UserData | Tag::Facet | Tag::Cell => name!("userdata"),
        }
    }

    /// Same object, same number of the same subtype, same boolean or the same bytes. Raw equality
    /// as Lua means it (`1 == 1.0`) is `ops::raw_equal`.
    #[inline(always)]
    pub fn is_identical(&self, other: &Value) -> bool {
        self.tag == other.tag && self.bits == other.bits
    }

    /// The address of the object, for hashing by identity and for `table: 0x...`.
    #[inline(always)]
    pub fn raw_bits(&self) -> u64 {
        self.bits
    }

    #[inline(always)]
    pub(crate) fn from_object(tag: Tag, object: std::ptr::NonNull<Header>) -> Value {
        debug_assert!(tag >= Tag::String);
        Value { tag, bits: object.as_ptr().expose_provenance() as u64 }
    }

    /// The value of an object without a count of its own, for a short look.
    ///
    /// # Safety
    /// The object is alive, of that kind, and outlives the look.
    pub(crate) unsafe fn borrow_object(tag: Tag, object: std::ptr::NonNull<Header>) -> ManuallyDrop<Value> {
        ManuallyDrop::new(Value::from_object(tag, object))
    }

    /// Whether nobody else has the object.
    pub(crate) fn is_unshared(&self) -> bool {
        // SAFETY: this value holds a count, so the object is alive.
        self.object().is_some_and(|object| unsafe { object.as_ref() }.count() == 1)
    }

    /// `clone`, inlined wherever it stands: what loops read.
    #[inline(always)]
    pub(crate) fn duplicate(&self) -> Value {
        if self.owns() {
            // SAFETY: this value holds a count, so the object is alive.
            unsafe { &*self.address::<Header>() }.hold();
        }
        Value { tag: self.tag, bits: self.bits }
    }

    /// `drop`, of which the question whether there is anything to do is inlined wherever it stands.
    #[inline(always)]
    pub fn done(self) {
        if self.owns() {
            drop(self);
        } else {
            std::mem::forget(self);
        }
    }

    /// Whether there is a heap object behind it.
    #[inline(always)]
    fn owns(&self) -> bool {
        self.tag >= Tag::String
    }

    /// The heap object behind a tag from `String` on.
    #[inline(always)]
    pub(crate) fn object(&self) -> Option<std::ptr::NonNull<Header>> {
        if self.tag < Tag::String {
            return None;
        }
        // SAFETY: values with these tags are made by `from_object` alone, from an address that is
        // never null.
        Some(unsafe { std::ptr::NonNull::new_unchecked(self.address()) })
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the bits were a usize when they were stored")]
    fn address<T>(&self) -> *mut T {
        std::ptr::with_exposed_provenance_mut(self.bits as usize)
    }

    #[inline(always)]
    fn as_object<T: Gc>(&self) -> Option<&T> {
        debug_assert!(self.tag == T::TAG);
        // SAFETY: callers checked that the tag is `T::TAG`, so the bits are a live object of type T
        // of which this value holds one count; the borrow cannot outlive the value.
        self.object().map(|object| unsafe { object.cast::<T>().as_ref() })
    }

    #[inline(always)]
    fn static_ref<T>(&self) -> Option<&'static T> {
        // SAFETY: callers checked the tag; for the static tags the bits come from a `&'static T`.
        Some(unsafe { &*self.address::<T>() })
    }
}

fn address<T>(reference: &'static T) -> u64 {
    std::ptr::from_ref(reference).expose_provenance() as u64
}

impl Clone for Value {
    #[inline]
    fn clone(&self) -> Value {
        if let Some(object) = self.object() {
            // SAFETY: this value holds a count, so the object is alive.
            unsafe { Header::retain(object) };
        }
        Value { tag: self.tag, bits: self.bits }
    }
}

impl Drop for Value {
    #[inline]
    fn drop(&mut self) {
        if let Some(object) = self.object() {
            // SAFETY: this value holds a count and gives it up here.
            unsafe { Header::release(object) };
        }
    }
}

impl Default for Value {
    #[inline(always)]
    fn default() -> Value {
        Value::NIL
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tag {
            Tag::Nil => f.write_str("nil"),
            Tag::Boolean => write!(f, "{}", self.bits != 0),
            Tag::Integer => write!(f, "{}", self.bits.cast_signed()),
            Tag::Float => write!(f, "{:?}", f64::from_bits(self.bits)),
            Tag::StaticString | Tag::String => {
                write!(f, "{:?}", String::from_utf8_lossy(self.as_bytes().unwrap_or_default()))
            }
            _ => write!(f, "{}: {:#x}", self.type_name(), self.bits),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::float(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::string(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::NIL, Into::into)
    }
}
