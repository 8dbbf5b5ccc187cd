//! The starts of heap objects: reference counts, links, and how an object dies.
//!
//! Freeing is iterative: a list of a million nodes frees in a loop, because an object whose count
//! falls to zero while another is being freed only joins a chain of the doomed.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::function::{CellBox, Closure};
use crate::heap::long;
use crate::heap::measure::Tally;
use crate::string::LuaStr;
use crate::table::Table;
use crate::userdata::UserDataBox;
use crate::value::{Tag, Value};

/// The start of every heap object: 8 bytes.
#[repr(C)]
pub struct Header {
    count: Cell<u32>,
    /// A [`Tag`], in one byte.
    tag: u8,
    flags: Cell<u8>,
    /// What the kind of object makes of it: a table's shape, a closure's number of captures.
    extra: Cell<u16>,
}

/// Bits of a header's flags. The collector's three are meant for containers.
pub mod flag {
    /// A table that refuses writes.
    pub const FROZEN: u8 = 1;
    /// A string with a hidden identity behind its bytes.
    pub const IDENTITY: u8 = 2;
    /// A table whose slots are in memory of their own.
    pub const OUTSIDE: u8 = 4;
    /// Survived a collection.
    pub const OLD: u8 = 8;
    /// Takes part in the running collection.
    pub const SUSPECT: u8 = 16;
    /// Reached by the running collection.
    pub const REACHED: u8 = 32;
    /// A table whose finalizer runs before it is freed.
    pub const FINALIZABLE: u8 = 64;
}

impl Header {
    pub(crate) const fn new(tag: Tag, extra: u16) -> Header {
        Header { count: Cell::new(1), tag: tag as u8, flags: Cell::new(0), extra: Cell::new(extra) }
    }

    #[inline(always)]
    pub(crate) fn count(&self) -> u32 {
        self.count.get()
    }

    #[inline(always)]
    pub(crate) fn tag(&self) -> Tag {
        // SAFETY: made of a tag by `new`, and never written again.
        unsafe { std::mem::transmute::<u64, Tag>(u64::from(self.tag)) }
    }

    #[inline(always)]
    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags.get() & flag != 0
    }

    #[inline(always)]
    pub(crate) fn set(&self, flag: u8) {
        self.flags.set(self.flags.get() | flag);
    }

    #[inline(always)]
    pub(crate) fn unset(&self, flag: u8) {
        self.flags.set(self.flags.get() & !flag);
    }

    #[inline(always)]
    pub(crate) fn extra(&self) -> u16 {
        self.extra.get()
    }

    #[inline(always)]
    pub(crate) fn set_extra(&self, extra: u16) {
        self.extra.set(extra);
    }

    /// # Safety
    /// `object` is alive.
    #[inline(always)]
    pub(crate) unsafe fn retain(object: NonNull<Header>) {
        // SAFETY: alive by contract.
        unsafe { object.as_ref() }.hold();
    }

    /// One count more, for one who has a count already.
    #[inline(always)]
    pub(crate) fn hold(&self) {
        match self.count.get().checked_add(1) {
            Some(more) => self.count.set(more),
            None => too_many_references(),
        }
    }

    /// # Safety
    /// `object` is alive and the caller owns one count of it, which ends here.
    #[inline(always)]
    pub(crate) unsafe fn release(object: NonNull<Header>) {
        // SAFETY: alive by contract.
        let count = unsafe { &object.as_ref().count };
        let rest = count.get() - 1;
        count.set(rest);
        if rest == 0 {
            // SAFETY: nobody else holds it.
            unsafe { free(object) };
        }
    }
}

/// 4 billion references to one object need 64 GiB of values: give up rather than free it.
#[cold]
fn too_many_references() -> ! {
    std::process::abort()
}

/// The start of an object that may hold values: it also hangs in its process's ring. 24 bytes.
#[repr(C)]
pub struct Container {
    pub(crate) header: Header,
    /// Neighbours in the ring; `None` in no ring. While a collection runs, `previous` holds a number.
    pub(crate) previous: Cell<Option<NonNull<Container>>>,
    pub(crate) next: Cell<Option<NonNull<Container>>>,
}

impl Container {
    pub(crate) const fn new(tag: Tag, extra: u16) -> Container {
        Container { header: Header::new(tag, extra), previous: Cell::new(None), next: Cell::new(None) }
    }

    #[inline]
    pub(crate) fn unlink(&self) {
        if let (Some(previous), Some(next)) = (self.previous.take(), self.next.take()) {
            // SAFETY: neighbours in a ring are alive: an object leaves the ring before it dies.
            unsafe {
                previous.as_ref().next.set(Some(next));
                next.as_ref().previous.set(Some(previous));
            }
        }
    }
}

/// A kind of heap object.
///
/// # Safety
/// The type is `#[repr(C)]` and starts with a [`Header`] whose tag is `TAG` (userdata also serves
/// `Thread`).
pub unsafe trait Gc: Sized {
    const TAG: Tag;
}

/// An object that may hold values.
///
/// # Safety
/// The type starts with a [`Container`]. `trace` shows every value the object holds and counts, each
/// as often as it holds it, or none of those a kind of reference: hidden ones keep their objects
/// alive. `destroy` is called once, on an object nobody refers to.
pub unsafe trait Holder: Gc {
    /// Drops every value this object holds, leaving it empty but valid.
    fn clear(&self);

    /// Shows every value this object holds.
    fn trace(&self, visit: &mut dyn FnMut(&Value));

    /// How many bytes it takes, its parts included and what it refers to not.
    fn size(&self) -> usize;

    /// Adds what it holds beside that and beside what `trace` shows.
    fn weigh(&self, tally: &mut Tally) {
        let _ = tally;
    }

    /// Drops what it holds and gives its memory back.
    ///
    /// # Safety
    /// The object's count is zero and it is in no ring.
    unsafe fn destroy(object: NonNull<Self>);
}

thread_local! {
    /// Objects whose count fell to zero while another is being freed on this thread; chained by
    /// `next`. `Some(None)` means: freeing, nothing waits.
    static DOOMED: Cell<Option<Option<NonNull<Container>>>> = const { Cell::new(None) };
}

/// Frees an object and everything only it held.
///
/// # Safety
/// The object's count is zero and nobody refers to it.
#[inline(never)]
unsafe fn free(object: NonNull<Header>) {
    // SAFETY: alive until we destroy it.
    if unsafe { object.as_ref() }.tag() == Tag::String {
        // SAFETY: a string with count zero; it holds no values, so it cannot recurse.
        unsafe { LuaStr::destroy(object.cast()) };
        return;
    }
    // SAFETY: by contract; every kind but strings starts with a container.
    unsafe { free_container(object.cast()) };
}

/// As [`free`], of what is no string.
///
/// # Safety
/// As there.
#[inline(never)]
unsafe fn free_container(object: NonNull<Container>) {
    // SAFETY: alive until we destroy it.
    let container = unsafe { object.as_ref() };
    container.unlink();
    if let Some(waiting) = DOOMED.get() {
        container.next.set(waiting);
        DOOMED.set(Some(Some(object)));
        return;
    }
    DOOMED.set(Some(None));
    let _freeing = Freeing;
    let mut current = Some(object);
    let mut before_long = long::MANY;
    while let Some(doomed) = current {
        before_long = before_long.wrapping_sub(1);
        if before_long == 0 {
            long::ahead();
        }
        // SAFETY: `doomed` came from `free`, so nobody refers to it.
        unsafe { destroy(doomed) };
        current = DOOMED.get().flatten();
        if let Some(next) = current {
            // SAFETY: it waits in the chain, so it has not been destroyed yet.
            let rest = unsafe { next.as_ref() }.next.take();
            DOOMED.set(Some(rest));
        }
    }
}

/// Ends the freeing, after a panic of a host object too: what waited then is lost, but what this thread
/// frees later is not.
struct Freeing;

impl Drop for Freeing {
    fn drop(&mut self) {
        DOOMED.set(None);
    }
}

/// # Safety
/// The object's count is zero, it is in no ring, and it is no string.
unsafe fn destroy(object: NonNull<Container>) {
    // SAFETY: the tag says which kind the object is (`Gc`'s contract).
    unsafe {
        match object.as_ref().header.tag() {
            Tag::Table => Table::destroy(object.cast()),
            Tag::Closure => Closure::destroy(object.cast()),
            Tag::Cell => CellBox::destroy(object.cast()),
            Tag::UserData | Tag::Thread => UserDataBox::destroy(object.cast()),
            _ => debug_assert!(false, "no container has this tag"),
        }
    }
}

/// Runs `$work` on the object as what its tag says it is.
macro_rules! by_kind {
    ($object:expr, |$holder:ident| $work:expr) => {
        // SAFETY: the object is alive (the callers' contract), and its tag says its kind.
        unsafe {
            match $object.as_ref().header.tag() {
                Tag::Table => {
                    let $holder = $object.cast::<crate::table::Table>().as_ref();
                    $work
                }
                Tag::Closure => {
                    let $holder = $object.cast::<crate::function::Closure>().as_ref();
                    $work
                }
                Tag::Cell => {
                    let $holder = $object.cast::<crate::function::CellBox>().as_ref();
                    $work
                }
                Tag::UserData | Tag::Thread => {
                    let $holder = $object.cast::<crate::userdata::UserDataBox>().as_ref();
                    $work
                }
                _ => Default::default(),
            }
        }
    };
}

/// Empties a container.
///
/// # Safety
/// It is alive and stays so, whatever is dropped.
pub(crate) unsafe fn clear(object: NonNull<Container>) {
    by_kind!(object, |holder| holder.clear())
}

/// Shows what a container holds.
///
/// # Safety
/// It is alive, and `visit` changes no object.
pub(crate) unsafe fn trace(object: NonNull<Container>, visit: &mut dyn FnMut(&Value)) {
    by_kind!(object, |holder| holder.trace(visit))
}

/// How many bytes a container takes.
///
/// # Safety
/// It is alive.
pub(crate) unsafe fn size(object: NonNull<Container>) -> usize {
    by_kind!(object, |holder| holder.size())
}

/// Adds what a container holds beside its size and what it shows.
///
/// # Safety
/// It is alive.
pub(crate) unsafe fn weigh(object: NonNull<Container>, tally: &mut Tally) {
    by_kind!(object, |holder| holder.weigh(tally))
}
