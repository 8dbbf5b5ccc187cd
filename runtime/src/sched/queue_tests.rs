//! The run queue on threads of the machine; its models are in `tests/models.rs`.

use super::queue::Queue;

#[test]
fn slots_come_out_in_order_however_many_wait() {
    let queue = Queue::default();
    for round in 0..3 {
        for slot in 0..1000 {
            assert_eq!(queue.push(slot + round), slot as usize + 1);
        }
        assert_eq!(queue.len(), 1000);
        for slot in 0..1000 {
            assert_eq!(queue.pop(), Some(slot + round));
        }
        assert!(queue.is_empty() && queue.pop().is_none());
    }
}

#[test]
fn who_looks_ahead_sees_what_will_come_out() {
    let queue = Queue::default();
    for slot in 0..200 {
        queue.push(slot);
    }
    for slot in 0..200 {
        assert_eq!(queue.ahead(1), (slot < 199).then_some(slot + 1));
        assert_eq!(queue.ahead(0), Some(slot));
        assert_eq!(queue.pop(), Some(slot));
    }
    assert_eq!(queue.ahead(0), None);
}

#[test]
fn a_thief_takes_half_and_leaves_what_it_is_told_to() {
    let (queue, own) = (Queue::default(), Queue::default());
    let stealer = queue.stealer();
    queue.push(0);
    assert_eq!(stealer.steal(1), None);
    for slot in 1..9 {
        queue.push(slot);
    }
    assert_eq!(stealer.steal_half(1, &own), Some(0));
    assert_eq!((own.len(), queue.len()), (4, 4));
    assert_eq!((own.pop(), queue.pop()), (Some(1), Some(5)));
}

#[test]
fn no_slot_is_lost_between_an_owner_and_thieves() {
    const SLOTS: u32 = 200_000;
    let queue = Queue::default();
    let taken: Vec<_> = (0..SLOTS).map(|_| std::sync::atomic::AtomicU32::new(0)).collect();
    let take = |slot: u32| taken[slot as usize].fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let stealer = queue.stealer();
            scope.spawn(|| {
                let stealer = stealer;
                while !is_over.load(std::sync::atomic::Ordering::Acquire) {
                    stealer.steal(0).map(take);
                }
            });
        }
        for slot in 0..SLOTS {
            queue.push(slot);
            if slot % 3 == 0 {
                queue.pop().map(take);
            }
        }
        while let Some(slot) = queue.pop() {
            take(slot);
        }
        is_over.store(true, std::sync::atomic::Ordering::Release);
    });
    assert!(taken.iter().all(|count| count.load(std::sync::atomic::Ordering::Relaxed) > 0));
}
