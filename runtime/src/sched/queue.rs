//! A core's run queue: its thread adds and takes without any instruction that locks, others may steal.
//!
//! What makes that possible is that a slot may come out twice: the owner takes the oldest by a plain
//! store, which may undo what a thief has just done, and both then have the slot. Nobody minds, because
//! a turn begins with an exchange of the slot's mailbox, and only one of the two finds it notified
//! (`sched/mailbox`). No slot is ever lost. (Idempotent work stealing: Michael, Vechev, Saraswat, 2009.)

use crate::sched::sync::{Arc, AtomicPtr, AtomicU32, AtomicUsize, Mutex, Ordering, lock};

/// Room for so many slots at first; it grows.
const ROOM: usize = 64;

/// A power of two of cells; an entry's place is its number modulo that.
type Cells = Box<[AtomicU32]>;

struct Ring {
    /// The number of the oldest entry. Goes back only where the owner undoes thefts, never below what the
    /// owner has seen.
    head: AtomicUsize,
    /// The number of the next entry.
    tail: AtomicUsize,
    /// The last of `all`.
    cells: AtomicPtr<Cells>,
    /// The cells now and before: a thief may still look at older ones. Each are twice as many.
    #[expect(clippy::vec_box, reason = "`cells` points to one of them")]
    all: Mutex<Vec<Box<Cells>>>,
}

// What `cells` points to is in `all`, which only grows.
impl Ring {
    fn new(room: usize) -> Ring {
        let ring = Ring {
            head: AtomicUsize::new(0),
            tail: AtomicUsize::new(0),
            cells: AtomicPtr::new(std::ptr::null_mut()),
            all: Mutex::new(Vec::new()),
        };
        ring.add_cells(Self::made(room));
        ring
    }

    fn made(room: usize) -> Cells {
        (0..room).map(|_| AtomicU32::new(0)).collect()
    }

    fn add_cells(&self, cells: Cells) {
        let mut cells = Box::new(cells);
        self.cells.store(std::ptr::from_mut(&mut *cells), Ordering::Release);
        lock(&self.all).push(cells);
    }

    #[inline(always)]
    fn cells(&self) -> &Cells {
        // SAFETY: set by `new`, and kept in `all` for as long as this.
        unsafe { &*self.cells.load(Ordering::Acquire) }
    }

    #[inline(always)]
    fn len(&self) -> usize {
        let head = self.head.load(Ordering::Acquire);
        self.tail.load(Ordering::Acquire).wrapping_sub(head)
    }

    /// Twice as many cells, with the entries from `head` to `tail`.
    #[cold]
    fn grow(&self, head: usize, tail: usize) {
        let before = self.cells();
        let after = Self::made(before.len() * 2);
        let mut number = head;
        while number != tail {
            cell(&after, number).store(cell(before, number).load(Ordering::Relaxed), Ordering::Relaxed);
            number = number.wrapping_add(1);
        }
        self.add_cells(after);
    }
}

#[inline(always)]
fn cell(cells: &Cells, number: usize) -> &AtomicU32 {
    debug_assert!(cells.len().is_power_of_two());
    // SAFETY: their number is a power of two, so this is below it.
    unsafe { cells.get_unchecked(number & (cells.len() - 1)) }
}

/// The owner's end.
pub struct Queue {
    ring: Arc<Ring>,
    /// One thread at a time has it.
    _owner: std::marker::PhantomData<std::cell::Cell<()>>,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue::with_room(ROOM)
    }
}

impl Queue {
    /// A queue with room for so many slots, a power of two, before it grows.
    pub fn with_room(room: usize) -> Queue {
        Queue { ring: Arc::new(Ring::new(room)), _owner: std::marker::PhantomData }
    }

    /// The other end.
    pub fn stealer(&self) -> Stealer {
        Stealer(self.ring.clone())
    }

    /// How many slots wait.
    #[inline]
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a slot at the end; how many wait now.
    pub fn push(&self, slot: u32) -> usize {
        self.push_if_room(slot).unwrap_or_else(|| self.push_growing(slot))
    }

    /// As [`Queue::push`], if there is room.
    #[inline(always)]
    pub fn push_if_room(&self, slot: u32) -> Option<usize> {
        let ring = &*self.ring;
        let tail = ring.tail.load(Ordering::Relaxed);
        let head = ring.head.load(Ordering::Acquire);
        let waiting = tail.wrapping_sub(head);
        let cells = ring.cells();
        if waiting >= cells.len() {
            return None;
        }
        cell(cells, tail).store(slot, Ordering::Relaxed);
        ring.tail.store(tail.wrapping_add(1), Ordering::Release);
        Some(waiting + 1)
    }

    /// As [`Queue::push`], where there is no room.
    #[cold]
    fn push_growing(&self, slot: u32) -> usize {
        let ring = &*self.ring;
        ring.grow(ring.head.load(Ordering::Acquire), ring.tail.load(Ordering::Relaxed));
        self.push(slot)
    }

    /// The slot that will come out after so many others, if that many wait and no thief comes.
    #[inline(always)]
    pub fn ahead(&self, others: usize) -> Option<u32> {
        let ring = &*self.ring;
        let head = ring.head.load(Ordering::Relaxed);
        let waiting = ring.tail.load(Ordering::Relaxed).wrapping_sub(head);
        (waiting > others).then(|| cell(ring.cells(), head.wrapping_add(others)).load(Ordering::Relaxed))
    }

    /// Takes the oldest slot. A thief may have it too.
    #[inline(always)]
    pub fn pop(&self) -> Option<u32> {
        let ring = &*self.ring;
        let head = ring.head.load(Ordering::Acquire);
        if head == ring.tail.load(Ordering::Relaxed) {
            return None;
        }
        let slot = cell(ring.cells(), head).load(Ordering::Relaxed);
        ring.head.store(head.wrapping_add(1), Ordering::Release);
        Some(slot)
    }
}

/// What other threads have of a queue.
#[derive(Clone)]
pub struct Stealer(Arc<Ring>);

impl Stealer {
    /// How many slots wait, at this moment.
    pub fn waiting(&self) -> usize {
        self.0.len()
    }

    /// Takes the oldest slot, if more than `left` wait. Others may have it too.
    pub fn steal(&self, left: usize) -> Option<u32> {
        let ring = &*self.0;
        loop {
            let head = ring.head.load(Ordering::Acquire);
            if ring.tail.load(Ordering::Acquire).wrapping_sub(head) <= left {
                return None;
            }
            // What was read of a cell that the owner has filled anew meanwhile is thrown away: `head` has
            // moved on then, for good.
            let slot = cell(ring.cells(), head).load(Ordering::Relaxed);
            let next = head.wrapping_add(1);
            if ring.head.compare_exchange(head, next, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
                return Some(slot);
            }
        }
    }

    /// Takes half of what waits beyond `left`: one slot for the caller, the others for `own`.
    pub fn steal_half(&self, left: usize, own: &Queue) -> Option<u32> {
        let first = self.steal(left)?;
        for _ in 0..(self.waiting() / 2).min(ROOM) {
            match self.steal(left) {
                Some(slot) => own.push(slot),
                None => break,
            };
        }
        Some(first)
    }
}
