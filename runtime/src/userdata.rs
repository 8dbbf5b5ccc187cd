//! Host objects as Lua values: channels, messages, errors, loggers, coroutines.
//!
//! An object and its head are one allocation. The head knows the kind of the object, through which
//! those who have only the head reach it.

use std::alloc::Layout;
use std::any::TypeId;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use crate::cx::Cx;
use crate::heap::{Container, Gc, Header, Heap, Holder, Tally};
use crate::module::Module;
use crate::value::{Tag, Value};

/// What the objects of a type have in common.
pub trait Methods {
    /// Their methods and constants: what `object.name` and `object:name()` find.
    const METHODS: &'static Module;
    /// Those of the other face of an object.
    const FACET_METHODS: &'static Module = &NO_METHODS;
    /// What objects are made in, if some are made in memory that has served for something else.
    const LODGING: Option<Layout> = None;
}

/// What a host object tells the language.
pub trait UserData: 'static {
    /// The metatable, if the program has been given one, which it may have changed: it then counts
    /// instead of [`Methods::METHODS`].
    fn metatable(&self, cx: Cx) -> Option<Value> {
        let _ = cx;
        None
    }

    /// As [`UserData::to_text`], of the other face of the object.
    fn facet_text(&self) -> Option<Vec<u8>> {
        None
    }

    /// What `tostring` gives, unless it is `userdata: 0x...`.
    fn to_text(&self) -> Option<Vec<u8>> {
        None
    }

    /// Drops every Lua value it holds: its process is ending.
    fn clear(&self) {}

    /// Adds what it holds beside itself, for who asks what memory a process takes.
    fn weigh(&self, tally: &mut Tally) {
        let _ = tally;
    }

    /// A copy for another process; `None` turns into nil there.
    fn transfer(&self, into: &mut crate::transfer::Copier<'_>) -> Option<Value> {
        let _ = into;
        None
    }
}

/// The head of a host object on the heap; the object follows it.
#[repr(C)]
pub struct UserDataBox {
    container: Container,
    kind: &'static Kind,
}

/// A head with its object.
#[repr(C)]
struct Whole<T> {
    head: UserDataBox,
    body: T,
}

/// One type of host objects.
struct Kind {
    id: TypeId,
    size: usize,
    /// The object behind a head of this kind.
    body: unsafe fn(NonNull<UserDataBox>) -> NonNull<dyn UserData>,
    destroy: unsafe fn(NonNull<UserDataBox>),
    methods: &'static Module,
    facet_methods: &'static Module,
}

crate::library! {
    static NO_METHODS = "userdata" {}
}

impl<T: UserData + Methods> Whole<T> {
    /// The memory that each takes.
    const ROOM: Layout = match T::LODGING {
        None => Layout::new::<Self>(),
        Some(room) => {
            assert!(size_of::<Self>() <= room.size() && align_of::<Self>() <= room.align());
            room
        }
    };

    const KIND: &'static Kind = &Kind {
        id: TypeId::of::<T>(),
        size: Self::ROOM.size(),
        body: Self::body,
        destroy: Self::destroy,
        methods: T::METHODS,
        facet_methods: T::FACET_METHODS,
    };

    /// # Safety
    /// `head` is that of a living `Whole<T>`, with the right to all of it.
    unsafe fn body(head: NonNull<UserDataBox>) -> NonNull<dyn UserData> {
        // SAFETY: by contract.
        let body: &T = unsafe { &head.cast::<Whole<T>>().as_ref().body };
        NonNull::from(body as &dyn UserData)
    }

    /// # Safety
    /// As [`Whole::body`], and nobody refers to the object.
    unsafe fn destroy(head: NonNull<UserDataBox>) {
        // SAFETY: by contract; its memory was allocated by that layout (`UserDataBox::made` and `in_memory`).
        unsafe {
            head.cast::<Whole<T>>().drop_in_place();
            std::alloc::dealloc(head.as_ptr().cast(), Self::ROOM);
        }
    }
}

// SAFETY: repr(C), container first, allocated through the heap.
unsafe impl Gc for UserDataBox {
    const TAG: Tag = Tag::UserData;
}

// SAFETY: what a host object holds is hidden, so the collector sees no cycle through it; `destroy` gives the
// memory of `UserDataBox::made` back.
unsafe impl Holder for UserDataBox {
    fn clear(&self) {
        self.body().clear();
    }

    fn trace(&self, _: &mut dyn FnMut(&Value)) {}

    fn size(&self) -> usize {
        self.kind.size
    }

    fn weigh(&self, tally: &mut Tally) {
        self.body().weigh(tally);
    }

    unsafe fn destroy(object: NonNull<UserDataBox>) {
        // SAFETY: by contract, nobody refers to it; its kind says what it is.
        unsafe { (object.as_ref().kind.destroy)(object) };
    }
}

impl UserDataBox {
    #[expect(clippy::new_ret_no_self, reason = "userdata lives behind a counted reference")]
    #[inline(always)]
    pub fn new(cx: Cx, body: impl UserData + Methods) -> Value {
        Self::tagged(cx.heap(), Tag::UserData, || body)
    }

    /// As [`UserDataBox::new`], of what is made where it stays.
    #[inline(always)]
    pub fn new_with<T: UserData + Methods>(cx: Cx, make: impl FnOnce() -> T) -> Value {
        Self::tagged(cx.heap(), Tag::UserData, make)
    }

    /// A value of type `thread`.
    pub fn new_thread(cx: Cx, body: impl UserData + Methods) -> Value {
        Self::tagged(cx.heap(), Tag::Thread, || body)
    }

    /// A host object of a message on its way, whose heap will be adopted.
    pub fn in_heap(heap: &Heap, body: impl UserData + Methods) -> Value {
        let object = Self::made(Tag::UserData, || body);
        // SAFETY: just made, in no ring; it starts with a container of that tag.
        unsafe { heap.admit(Tag::UserData, object) }
    }

    #[inline(always)]
    fn tagged<T: UserData + Methods>(heap: &Heap, tag: Tag, make: impl FnOnce() -> T) -> Value {
        let object = Self::made(tag, make);
        // SAFETY: just made, in no ring; it starts with a container of that tag, and shows nothing.
        unsafe { heap.admit_closed(tag, object) }
    }

    #[inline(always)]
    fn made<T: UserData + Methods>(tag: Tag, make: impl FnOnce() -> T) -> NonNull<Container> {
        // The memory first, so that all is written where it stays.
        // SAFETY: heads are not empty.
        let memory = unsafe { crate::allocator::block(Whole::<T>::ROOM) }.cast::<Whole<T>>();
        // SAFETY: as large, and nobody else knows it.
        unsafe { memory.write(Whole { head: UserDataBox::head::<T>(tag), body: make() }) };
        memory.cast()
    }

    #[inline(always)]
    fn head<T: UserData + Methods>(tag: Tag) -> UserDataBox {
        UserDataBox { container: Container::new(tag, 0), kind: Whole::<T>::KIND }
    }

    /// As [`UserDataBox::new`], in memory that has served for something else.
    #[inline(always)]
    pub fn in_memory<T: UserData + Methods, M>(cx: Cx, memory: Box<MaybeUninit<M>>, body: T) -> Value {
        const {
            let room = Layout::new::<M>();
            assert!(room.size() == Whole::<T>::ROOM.size() && room.align() == Whole::<T>::ROOM.align());
        }
        let object = NonNull::from(Box::leak(memory)).cast::<Whole<T>>();
        // SAFETY: the memory is what such an object is made in, and nobody uses it; the object is in no ring,
        // starts with a container of that tag, and shows nothing.
        unsafe {
            object.write(Whole { head: UserDataBox::head::<T>(Tag::UserData), body });
            cx.heap().admit_closed(Tag::UserData, object.cast())
        }
    }

    /// Drops a host object which holds no value any more: if nobody else has it, it is freed without the list of
    /// what is freed together.
    #[inline(always)]
    pub(crate) fn dispose(value: Value) {
        let unshared = value.host_object().filter(|_| value.is_unshared()).map(NonNull::from);
        let Some(head) = unshared else { return value.done() };
        std::mem::forget(value);
        // SAFETY: nobody else has it, and nothing refers to it as soon as it is in no ring.
        unsafe {
            head.as_ref().container.unlink();
            (head.as_ref().kind.destroy)(head.as_ref().whole());
        }
    }

    /// This head, with the right to what follows it.
    #[inline]
    fn whole(&self) -> NonNull<UserDataBox> {
        let address = std::ptr::from_ref(self).addr();
        // SAFETY: the address of a reference is not null; heap objects expose theirs.
        unsafe { NonNull::new_unchecked(std::ptr::with_exposed_provenance_mut(address)) }
    }

    /// The object's methods.
    pub fn methods(&self) -> &'static Module {
        self.kind.methods
    }

    pub fn body(&self) -> &dyn UserData {
        // SAFETY: the kind is that of the object behind this head, which lives as long as the head.
        unsafe { (self.kind.body)(self.whole()).as_ref() }
    }

    /// The object, if it is a `T`.
    #[inline]
    pub fn body_as<T: UserData + Methods>(&self) -> Option<&T> {
        // Mostly the very same kind; another part of the program may have a copy of it.
        if !std::ptr::eq(self.kind, Whole::<T>::KIND) && self.kind.id != TypeId::of::<T>() {
            return None;
        }
        // SAFETY: it is a `Whole<T>`, which lives as long as its head.
        Some(unsafe { &self.whole().cast::<Whole<T>>().as_ref().body })
    }
}

impl Value {
    /// The object behind a thread.
    pub fn as_thread(&self) -> Option<&UserDataBox> {
        let object = self.object().filter(|_| self.tag() == Tag::Thread)?;
        // SAFETY: threads are made by `UserDataBox::new_thread` alone, and this value holds a count.
        Some(unsafe { object.cast::<UserDataBox>().as_ref() })
    }

    /// The other face of this host object: another value of the same object.
    pub(crate) fn as_facet(&self) -> Value {
        self.retagged(Tag::UserData, Tag::Facet)
    }

    /// The host object of which this is the other face; nil if it is none.
    pub(crate) fn facet_object(&self) -> Value {
        self.retagged(Tag::Facet, Tag::UserData)
    }

    /// The head of a host object, whichever face this is.
    #[inline(always)]
    fn host_object(&self) -> Option<&UserDataBox> {
        if !matches!(self.tag(), Tag::UserData | Tag::Facet) {
            return None;
        }
        // SAFETY: facets are made of host objects alone (`as_facet`), and this value holds a count.
        Some(unsafe { self.object()?.cast::<UserDataBox>().as_ref() })
    }

    /// The object of type `T` of which this is the other face.
    #[inline(always)]
    pub(crate) fn facet_of<T: UserData + Methods>(&self) -> Option<&T> {
        self.as_facet_head()?.body_as()
    }

    /// What `object.name` finds without metatables, whichever face of a host object this is.
    #[inline(always)]
    pub(crate) fn host_methods(&self) -> Option<&'static Module> {
        let object = self.host_object()?;
        Some(if self.tag() == Tag::Facet { object.kind.facet_methods } else { object.kind.methods })
    }

    /// The text of the other face of a host object, if it has one.
    pub(crate) fn facet_text(&self) -> Option<Vec<u8>> {
        self.host_object().filter(|_| self.tag() == Tag::Facet)?.body().facet_text()
    }

    #[inline(always)]
    fn retagged(&self, from: Tag, to: Tag) -> Value {
        if self.tag() == from
            && let Some(object) = self.object()
        {
            // SAFETY: this value holds a count, so the object is alive; the other one gets its own.
            unsafe { Header::retain(object) };
            return Value::from_object(to, object);
        }
        Value::NIL
    }

    /// As [`Value::as_facet`], of a host object that is used up.
    #[inline(always)]
    pub(crate) fn into_facet(self) -> Value {
        if self.tag() == Tag::UserData
            && let Some(object) = self.object()
        {
            // The count goes over.
            std::mem::forget(self);
            return Value::from_object(Tag::Facet, object);
        }
        Value::NIL
    }

    /// The host object of type `T`, if this is one.
    #[inline]
    pub fn downcast<T: UserData + Methods>(&self) -> Option<&T> {
        self.as_userdata()?.body_as()
    }
}
