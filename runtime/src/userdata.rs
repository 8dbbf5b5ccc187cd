//! Host objects as Lua values: channels, messages, errors, loggers, coroutines.

use std::any::Any;

use crate::cx::Cx;
use crate::heap::{Gc, Object};
use crate::module::Module;
use crate::value::{Tag, Value};

/// What a host object tells the language.
pub trait UserData: Any {
    /// Its methods and constants: what `object.name` and `object:name()` find.
    fn methods(&self) -> &'static Module;

    /// What `tostring` gives, unless it is `userdata: 0x...`.
    fn to_text(&self) -> Option<Vec<u8>> {
        None
    }

    /// Drops every Lua value it holds: its process is ending.
    fn clear(&self) {}

    /// A copy for another process; `None` turns into nil there.
    fn transfer(&self, into: &mut crate::transfer::Copier<'_>) -> Option<Value> {
        let _ = into;
        None
    }

    /// As `Any`, for downcasts.
    fn as_any(&self) -> &dyn Any;
}

/// A host object on the heap.
#[repr(C)]
pub struct UserDataBox {
    header: Object,
    body: Box<dyn UserData>,
}

// SAFETY: repr(C), header first, allocated by `UserDataBox::new` through the heap.
unsafe impl Gc for UserDataBox {
    const TAG: Tag = Tag::UserData;
    fn clear(&self) {
        self.body.clear();
    }
}

impl UserDataBox {
    #[expect(clippy::new_ret_no_self, reason = "userdata lives behind a counted reference")]
    pub fn new(cx: Cx, body: impl UserData) -> Value {
        Self::in_heap(cx.heap(), Box::new(body))
    }

    /// A value of type `thread`.
    pub fn new_thread(cx: Cx, body: impl UserData) -> Value {
        let header = Object::header(Tag::Thread);
        cx.heap().allocate_tagged(Tag::Thread, UserDataBox { header, body: Box::new(body) })
    }

    pub fn in_heap(heap: &crate::heap::Heap, body: Box<dyn UserData>) -> Value {
        heap.allocate(UserDataBox { header: Object::header(Tag::UserData), body })
    }

    pub fn body(&self) -> &dyn UserData {
        &*self.body
    }
}

impl Value {
    /// The object behind a thread.
    pub fn as_thread(&self) -> Option<&UserDataBox> {
        let object = self.object().filter(|_| self.tag() == Tag::Thread)?;
        // SAFETY: threads are made by `UserDataBox::new_thread` alone, and this value holds a count.
        Some(unsafe { object.cast::<UserDataBox>().as_ref() })
    }

    /// The host object of type `T`, if this is one.
    pub fn downcast<T: UserData>(&self) -> Option<&T> {
        self.as_userdata()?.body().as_any().downcast_ref()
    }
}
