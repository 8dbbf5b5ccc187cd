//! Model tests: the runtime's own synchronisation primitives under loom, which tries every order of
//! the threads' steps. The files are the runtime's; only what `crate::sched::sync` means differs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]
#![allow(dead_code, reason = "a model uses a part of each primitive")]

mod sched {
    pub use super::wheel;

    /// Who owns a timer.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Identity;

    impl Identity {
        pub const NONE: Identity = Identity;
    }

    pub mod sync {
        pub use loom::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};
        pub use loom::sync::{Arc, Condvar, Mutex, MutexGuard};

        pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
            mutex.lock().unwrap()
        }

        pub fn wait<'a, T>(variable: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
            variable.wait(guard).unwrap()
        }

        pub fn pause() {
            loom::thread::yield_now();
        }

        pub fn room<T>() -> Box<std::mem::MaybeUninit<T>> {
            Box::new_uninit()
        }

        /// In a model no time passes.
        pub fn wait_until<'a, T>(
            variable: &Condvar,
            guard: MutexGuard<'a, T>,
            _: std::time::Instant,
        ) -> (MutexGuard<'a, T>, bool) {
            (wait(variable, guard), false)
        }
    }
}

#[path = "../src/sched/bell.rs"]
mod bell;
#[path = "../src/process/census.rs"]
mod census;
#[path = "../src/sched/distant.rs"]
mod distant;
#[path = "../src/sched/idle.rs"]
mod idle;
#[path = "../src/sched/mailbox.rs"]
mod mailbox;
#[path = "../src/process/names.rs"]
mod names;
#[path = "../src/sched/queue.rs"]
mod queue;
#[path = "../src/sched/spare.rs"]
mod spare;
#[path = "../src/sched/turns.rs"]
mod turns;
#[path = "../src/sched/wheel.rs"]
pub mod wheel;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread;

use bell::Bell;
use census::Census;
use distant::{Cancelled, Common};
use idle::Idle;
use mailbox::{After, Mailbox, Pushed};
use names::Names;
use sched::Identity;
use spare::{Offer, Spares};
use turns::Turns;
use wheel::Wheel;

/// Explores a model. Bounded to three preemptions, which keeps it short; with `MODELS=full` in the
/// environment every order is tried.
fn model(work: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    if std::env::var("MODELS").as_deref() != Ok("full") {
        builder.preemption_bound = Some(3);
    }
    builder.check(work);
}

/// A run queue of one owner: how often it was queued and not yet taken.
struct Queue(AtomicUsize);

impl Queue {
    fn push(&self) {
        let before = self.0.fetch_add(1, Ordering::AcqRel);
        assert_eq!(before, 0, "an owner is queued at most once");
    }

    fn pop(&self) -> bool {
        self.0.compare_exchange(1, 0, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// A sender's letters; who wakes the owner queues it.
fn send(to: &(Mailbox<u32>, Queue), letters: std::ops::Range<u32>) {
    for letter in letters {
        if to.0.push(letter) == Pushed::Wake {
            to.1.push();
        }
    }
}

/// Turns of the owner until it is neither queued nor notified; what it read.
fn run(mailbox: &Mailbox<u32>, queue: &Queue) -> Vec<u32> {
    let mut read = Vec::new();
    while queue.pop() {
        let letters = mailbox.begin().expect("there is an owner");
        read.extend(letters.map(|letter| letter.content));
        if mailbox.end() == After::Again {
            queue.push();
        }
    }
    read
}

#[test]
fn no_wake_up_is_lost() {
    model(|| {
        let shared = Arc::new((Mailbox::default(), Queue(AtomicUsize::new(0))));
        shared.0.open();
        let sender = |letters: std::ops::Range<u32>| {
            let shared = shared.clone();
            thread::spawn(move || send(&shared, letters))
        };
        let (one, two) = (sender(0..1), sender(10..11));
        let mut read = run(&shared.0, &shared.1);
        one.join().unwrap();
        two.join().unwrap();
        // Whatever is left, somebody queued the owner for it.
        read.extend(run(&shared.0, &shared.1));
        read.sort_unstable();
        assert_eq!(read, [0, 10]);
    });
}

#[test]
fn letters_of_one_sender_keep_their_order() {
    model(|| {
        let shared = Arc::new((Mailbox::default(), Queue(AtomicUsize::new(0))));
        shared.0.open();
        let sender = {
            let shared = shared.clone();
            thread::spawn(move || send(&shared, 0..2))
        };
        let mut read = run(&shared.0, &shared.1);
        sender.join().unwrap();
        read.extend(run(&shared.0, &shared.1));
        assert_eq!(read, [0, 1]);
    });
}

#[test]
fn a_letter_is_read_or_given_back_or_refused() {
    model(|| {
        let mailbox = Arc::new(Mailbox::default());
        mailbox.open_notified();
        let sender = {
            let mailbox = mailbox.clone();
            thread::spawn(move || match mailbox.push(7) {
                Pushed::Refused(letter) => {
                    assert_eq!(letter, 7);
                    1
                }
                Pushed::Wake | Pushed::Quiet => 0,
            })
        };
        let mut seen = mailbox.begin().expect("there is an owner").count();
        seen += mailbox.close().count();
        // A stray notification of a closed mailbox queues nobody.
        assert!(!mailbox.notify());
        assert_eq!(sender.join().unwrap() + seen, 1);
    });
}

/// What a worker takes in the middle of a turn needs no other turn; what it takes ahead gets one.
#[test]
fn letters_taken_during_a_turn_are_handled_in_it_or_the_next() {
    model(|| {
        let shared = Arc::new((Mailbox::default(), Queue(AtomicUsize::new(0))));
        shared.0.open();
        let sender = {
            let shared = shared.clone();
            thread::spawn(move || send(&shared, 0..2))
        };
        let mut read = Vec::new();
        while shared.1.pop() {
            read.extend(shared.0.begin().expect("there is an owner").map(|letter| letter.content));
            read.extend(shared.0.take().map(|letter| letter.content));
            let ahead: Vec<u32> = shared.0.take_ahead().map(|letter| letter.content).collect();
            let after = shared.0.end();
            assert!(ahead.is_empty() || after == After::Again);
            read.extend(ahead);
            if after == After::Again {
                shared.1.push();
            }
        }
        sender.join().unwrap();
        read.extend(run(&shared.0, &shared.1));
        assert_eq!(read, [0, 1]);
    });
}

/// Somebody looks at an owner beside its turns: never while it runs, and no wake-up is lost.
#[test]
fn a_look_and_a_turn_exclude_each_other() {
    model(|| {
        let shared = Arc::new((Mailbox::default(), Queue(AtomicUsize::new(0)), AtomicUsize::new(0)));
        shared.0.open();
        let alone = |inside: &AtomicUsize| {
            assert_eq!(inside.fetch_add(1, Ordering::AcqRel), 0, "nobody else is there");
            inside.fetch_sub(1, Ordering::AcqRel);
        };
        let looker = {
            let shared = shared.clone();
            thread::spawn(move || {
                if let Some(look) = shared.0.look() {
                    alone(&shared.2);
                    assert!(look.count(|_| true) <= 1);
                }
            })
        };
        let sender = {
            let shared = shared.clone();
            thread::spawn(move || {
                if shared.0.push(0) == Pushed::Wake {
                    shared.1.push();
                }
            })
        };
        sender.join().unwrap();
        let mut read = Vec::new();
        while shared.1.pop() {
            let letters = shared.0.begin().expect("there is an owner");
            alone(&shared.2);
            read.extend(letters.map(|letter| letter.content));
            if shared.0.end() == After::Again {
                shared.1.push();
            }
        }
        looker.join().unwrap();
        assert_eq!(read, [0]);
    });
}

/// Two workers, each with a slot of a group that takes one turn at a time: no turns at the same time, and
/// who had to wait gets its turn from the one that leaves.
#[test]
fn turns_are_taken_one_after_the_other() {
    model(|| {
        let shared = Arc::new((Turns::new(1), AtomicUsize::new(0), AtomicUsize::new(0)));
        let work = |shared: &(Turns, AtomicUsize, AtomicUsize), own: u32| {
            let mut next = Some(own);
            while let Some(slot) = next.take() {
                if !shared.0.enter(slot) {
                    return;
                }
                assert_eq!(shared.1.fetch_add(1, Ordering::AcqRel), 0, "one at a time");
                shared.1.fetch_sub(1, Ordering::AcqRel);
                shared.2.fetch_add(1, Ordering::AcqRel);
                next = shared.0.leave();
            }
        };
        let other = {
            let shared = shared.clone();
            thread::spawn(move || work(&shared, 1))
        };
        work(&shared, 2);
        other.join().unwrap();
        assert_eq!(shared.2.load(Ordering::Acquire), 2, "both had their turn");
    });
}

#[test]
fn a_name_does_not_outlive_its_owner() {
    model(|| {
        let names = Names::<u32, u32>::default();
        let shared = Arc::new((names, Mailbox::<u32>::default(), AtomicBool::new(false)));
        shared.1.open_notified();
        let registrar = {
            let shared = shared.clone();
            thread::spawn(move || {
                let is_alive = || {
                    shared.2.store(true, Ordering::Release);
                    shared.1.touch()
                };
                shared.0.register("relay", 1, 1, is_alive)
            })
        };
        // The owner's end: dead first, then the names, if it may have any.
        drop(shared.1.close());
        if shared.2.load(Ordering::Acquire) {
            shared.0.release(1);
        }
        let _ = registrar.join().unwrap();
        assert_eq!(shared.0.lookup("relay"), None);
        assert_eq!(shared.0.register("relay", 2, 2, || true), Ok(()));
    });
}

/// What is counted never looks less than it is, wherever ends are counted.
#[test]
fn who_lives_is_always_counted() {
    model(|| {
        let shared = Arc::new((Census::new(2), AtomicBool::new(false)));
        shared.0.enter(None);
        let starter = {
            let shared = shared.clone();
            thread::spawn(move || {
                shared.0.enter(Some(0));
                shared.1.store(true, Ordering::Release);
            })
        };
        let ender = {
            let shared = shared.clone();
            thread::spawn(move || {
                let has_started = shared.1.load(Ordering::Acquire);
                if has_started {
                    shared.0.leave(Some(1));
                }
                has_started
            })
        };
        assert!(shared.0.living() >= 1);
        starter.join().unwrap();
        let living = if ender.join().unwrap() { 1 } else { 2 };
        assert_eq!(shared.0.living(), living);
    });
}

#[test]
fn of_two_that_want_a_name_one_gets_it() {
    model(|| {
        let names = Arc::new(Names::<u32, u32>::default());
        let rival = {
            let names = names.clone();
            thread::spawn(move || names.register("relay", 1, 1, || true).is_ok())
        };
        let own = names.register("relay", 2, 2, || true).is_ok();
        assert_ne!(rival.join().unwrap(), own);
    });
}

/// Work that was added beside a worker going to sleep is seen by one of the two.
#[test]
fn nobody_sleeps_beside_work() {
    model(|| {
        let shared = Arc::new((Idle::default(), AtomicUsize::new(0), AtomicBool::new(false)));
        let adder = {
            let shared = shared.clone();
            thread::spawn(move || {
                shared.1.store(1, Ordering::SeqCst);
                if shared.0.pick() == Some(0) {
                    shared.2.store(true, Ordering::SeqCst);
                }
            })
        };
        shared.0.announce(0);
        let has_seen = shared.1.load(Ordering::SeqCst) == 1;
        if has_seen {
            // Either nobody chose this worker, or the bell rings for it.
            let is_chosen = !shared.0.retract(0);
            adder.join().unwrap();
            assert_eq!(is_chosen, shared.2.load(Ordering::SeqCst));
        } else {
            adder.join().unwrap();
            assert!(shared.2.load(Ordering::SeqCst), "the sleeper is woken");
        }
    });
}

/// A timer that somebody without a core arms beside the keeper of the common wheel going to sleep: the
/// keeper knows of it, or is woken. One that is cancelled meanwhile fires at most once and leaves nothing.
#[test]
fn nobody_sleeps_beside_a_timer() {
    model(|| {
        let shared = Arc::new((Idle::default(), Common::default(), AtomicBool::new(false)));
        let armer = {
            let shared = shared.clone();
            thread::spawn(move || {
                let key = shared.1.arm(1 << 20, Identity::NONE, 7);
                if shared.0.pick_this(0) {
                    shared.2.store(true, Ordering::SeqCst);
                }
                key
            })
        };
        shared.0.announce(0);
        let has_seen = shared.1.next().is_some();
        let key = armer.join().unwrap();
        assert!(has_seen || shared.2.load(Ordering::SeqCst), "the sleeper is woken");
        let canceller = {
            let shared = shared.clone();
            thread::spawn(move || shared.1.cancel(key))
        };
        let mut due = Vec::new();
        shared.1.advance(1 << 30, &mut due);
        canceller.join().unwrap();
        assert!(due.len() <= 1);
        assert_eq!(shared.1.next(), None);
    });
}

/// Timers of a core that two others cancel while its thread looks: each is forgotten, once.
#[test]
fn what_others_cancel_is_forgotten() {
    model(|| {
        let mut wheel = Wheel::default();
        let keys = [wheel.arm_in(1, Identity::NONE, 1), wheel.arm(1 << 20, Identity::NONE, 2)];
        let cancelled = Arc::new(Cancelled::default());
        let others = keys.map(|key| {
            let cancelled = cancelled.clone();
            thread::spawn(move || cancelled.add(key))
        });
        let mut forgotten = cancelled.take().into_iter().filter(|key| wheel.cancel(*key)).count();
        for other in others {
            assert!(other.join().unwrap() <= 2);
        }
        forgotten += cancelled.take().into_iter().filter(|key| wheel.cancel(*key)).count();
        assert_eq!(forgotten, 2);
        assert!(wheel.is_empty() && cancelled.take().is_empty());
    });
}

/// A ring wakes the sleeper, whichever comes first.
#[test]
fn a_ring_is_heard_before_and_during_the_sleep() {
    model(|| {
        let bell = Arc::new(Bell::default());
        let ringer = {
            let bell = bell.clone();
            thread::spawn(move || bell.ring(false))
        };
        // Ends only if it is heard; a model that cannot go on fails.
        bell.wait(None);
        ringer.join().unwrap();
    });
}

/// The core of a busy thread: a thread that waits takes it, or it is given back; a stop ends the wait.
/// Nobody waits for ever, and the core is nobody's twice.
#[test]
fn a_core_that_is_given_away_has_one_holder() {
    model(|| {
        let spares = Arc::new(Spares::<u32>::default());
        // As if the waiting thread had been started as a spare before.
        assert!(matches!(spares.offer(Box::new(0)), Offer::Start(_)));
        let waiter = {
            let spares = spares.clone();
            thread::spawn(move || spares.wait().is_some())
        };
        let busy = {
            let spares = spares.clone();
            thread::spawn(move || matches!(spares.offer(Box::new(7)), Offer::Taken))
        };
        let was_taken = busy.join().unwrap();
        spares.stop();
        let was_found = waiter.join().unwrap();
        assert_eq!(was_taken, was_found);
    });
}

/// A process that ends beside one that asks to be told: the other is told once, or is refused and
/// knows at once. It may ask before the last turn, during it, or after.
#[test]
fn who_watches_an_ending_process_is_told_once_or_refused() {
    model(|| {
        let (target, told) = (Arc::new(Mailbox::<u32>::default()), Arc::new(AtomicUsize::new(0)));
        target.open_notified();
        let watchers: Vec<_> = (1..=2)
            .map(|watcher| {
                let target = target.clone();
                thread::spawn(move || usize::from(matches!(target.push(watcher), Pushed::Refused(_))))
            })
            .collect();
        let letters = target.begin().expect("there is an owner");
        let mut known: Vec<u32> = letters.map(|letter| letter.content).collect();
        // The end: unreachable first, then who asked in time is told.
        known.extend(target.close().map(|letter| letter.content));
        told.fetch_add(known.len(), Ordering::SeqCst);
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), told.load(Ordering::SeqCst), "nobody is told twice");
        let refused: usize = watchers.into_iter().map(|watcher| watcher.join().unwrap()).sum();
        assert_eq!(refused + known.len(), 2);
    });
}

/// Two linked processes that fail at the same moment: each is unreachable before it tells the other, so
/// every failure is read by the other or given back, and nobody waits for anybody.
#[test]
fn linked_processes_that_fail_together_both_end() {
    model(|| {
        let pair = Arc::new((Mailbox::<u32>::default(), Mailbox::<u32>::default()));
        pair.0.open_notified();
        pair.1.open_notified();
        let fail = |own: &Mailbox<u32>, peer: &Mailbox<u32>| {
            let heard = own.begin().expect("there is an owner").count() + own.close().count();
            let is_refused = matches!(peer.push(1), Pushed::Refused(_));
            (heard, is_refused)
        };
        let other = {
            let pair = pair.clone();
            thread::spawn(move || fail(&pair.1, &pair.0))
        };
        let (heard, refused) = fail(&pair.0, &pair.1);
        let (heard_there, refused_there) = other.join().unwrap();
        assert_eq!(heard, usize::from(!refused_there));
        assert_eq!(heard_there, usize::from(!refused));
        assert!(refused || refused_there, "the second to end finds the first one gone");
    });
}

/// A slot that its owner and a thief both take out of a run queue has one turn, and no letter is lost.
#[test]
fn a_slot_that_comes_out_twice_has_one_turn() {
    model(|| {
        let queue = queue::Queue::with_room(2);
        let stealer = queue.stealer();
        let slots: Arc<[Mailbox<u32>; 3]> = Arc::new(std::array::from_fn(|_| Mailbox::default()));
        let running = Arc::new(AtomicUsize::new(0));
        let turn = |slots: &[Mailbox<u32>; 3], running: &AtomicUsize, slot: u32| {
            let Some(letters) = slots[slot as usize].begin() else { return 0 };
            let bit = 1 << slot;
            assert_eq!(running.fetch_or(bit, Ordering::SeqCst) & bit, 0, "one turn at a time");
            let read = letters.count();
            running.fetch_and(!bit, Ordering::SeqCst);
            assert_eq!(slots[slot as usize].end(), After::Idle);
            read
        };
        for (slot, mailbox) in (0..).zip(&*slots) {
            mailbox.open();
            assert_eq!(mailbox.push(slot), Pushed::Wake);
        }
        queue.push(0);
        queue.push(1);
        let thief = {
            let (slots, running) = (slots.clone(), running.clone());
            thread::spawn(move || {
                let mut read = 0;
                for _ in 0..2 {
                    read += stealer.steal(0).map_or(0, |slot| turn(&slots, &running, slot));
                }
                read
            })
        };
        // The ring has to grow for this one, unless the thief was quick.
        queue.push(2);
        let mut read = 0;
        while let Some(slot) = queue.pop() {
            read += turn(&slots, &running, slot);
        }
        assert_eq!(read + thief.join().unwrap(), 3);
    });
}
