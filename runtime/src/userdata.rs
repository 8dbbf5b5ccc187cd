//! Host objects as Lua values: channels, messages, errors, loggers, coroutines.

use std::any::Any;
use std::ptr::NonNull;

use crate::cx::Cx;
use crate::heap::{Container, Gc, Heap, Holder};
use crate::module::Module;
use crate::value::{Tag, Value};

/// What a host object tells the language.
pub trait UserData: Any {
    /// Its methods and constants: what `object.name` and `object:name()` find.
    fn methods(&self) -> &'static Module;

    /// The metatable, if the program has been given one, which it may have changed: it then counts
    /// instead of [`UserData::methods`].
    fn metatable(&self, cx: Cx) -> Option<Value> {
        let _ = cx;
        None
    }

    /// What `tostring` gives, unless it is `userdata: 0x...`.
    fn to_text(&self) -> Option<Vec<u8>> {
        None
    }

    /// Drops every Lua value it holds: its process is ending.
    fn clear(&self) {}

    /// Shows every Lua value it holds, each as often as it holds it, so that the collector can see
    /// cycles through it; or none at all, which keeps what it holds alive.
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        let _ = visit;
    }

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
    container: Container,
    body: Box<dyn UserData>,
}

// SAFETY: repr(C), container first, allocated through the heap.
unsafe impl Gc for UserDataBox {
    const TAG: Tag = Tag::UserData;
}

// SAFETY: shows what the body shows, by `UserData::trace`'s rule; made by `Heap::allocate`, so it
// was a `Box`.
unsafe impl Holder for UserDataBox {
    fn clear(&self) {
        self.body.clear();
    }

    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.body.trace(visit);
    }

    fn size(&self) -> usize {
        size_of::<UserDataBox>() + size_of_val(&*self.body)
    }

    unsafe fn destroy(object: NonNull<UserDataBox>) {
        // SAFETY: by contract, nobody refers to it.
        drop(unsafe { Box::from_raw(object.as_ptr()) });
    }
}

impl UserDataBox {
    #[expect(clippy::new_ret_no_self, reason = "userdata lives behind a counted reference")]
    pub fn new(cx: Cx, body: impl UserData) -> Value {
        Self::in_heap(cx.heap(), Box::new(body))
    }

    /// A value of type `thread`.
    pub fn new_thread(cx: Cx, body: impl UserData) -> Value {
        Self::tagged(cx.heap(), Tag::Thread, Box::new(body))
    }

    pub fn in_heap(heap: &Heap, body: Box<dyn UserData>) -> Value {
        Self::tagged(heap, Tag::UserData, body)
    }

    fn tagged(heap: &Heap, tag: Tag, body: Box<dyn UserData>) -> Value {
        heap.allocate(tag, UserDataBox { container: Container::new(tag, 0), body })
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
        let body: &dyn Any = self.as_userdata()?.body();
        body.downcast_ref()
    }
}
