//! A queue that is empty or holds one element most of the time, and then costs no allocation.

use std::collections::VecDeque;

/// First in, first out.
#[derive(Default)]
pub enum Fifo<T> {
    #[default]
    Empty,
    One(T),
    Many(Box<Deque<T>>),
}

/// Behind a box, so that the queue itself stays small.
pub struct Deque<T>(VecDeque<T>);

impl<T> Fifo<T> {
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        match self {
            Fifo::Empty => 0,
            Fifo::One(_) => 1,
            Fifo::Many(items) => items.0.len(),
        }
    }

    pub fn push_back(&mut self, item: T) {
        match self {
            Fifo::Empty => *self = Fifo::One(item),
            Fifo::Many(items) => items.0.push_back(item),
            Fifo::One(_) => {
                let mut items = VecDeque::with_capacity(4);
                if let Fifo::One(first) = std::mem::take(self) {
                    items.push_back(first);
                }
                items.push_back(item);
                *self = Fifo::Many(Box::new(Deque(items)));
            }
        }
    }

    pub fn pop_front(&mut self) -> Option<T> {
        match self {
            Fifo::Empty => None,
            Fifo::Many(items) => items.0.pop_front(),
            Fifo::One(_) => match std::mem::take(self) {
                Fifo::One(item) => Some(item),
                Fifo::Empty | Fifo::Many(_) => None,
            },
        }
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        match self {
            Fifo::Empty => {}
            Fifo::One(item) => {
                if !keep(item) {
                    *self = Fifo::Empty;
                }
            }
            Fifo::Many(items) => items.0.retain(keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_leave_in_the_order_they_came() {
        let mut queue = Fifo::default();
        for round in 0..3 {
            for item in 0..5 {
                queue.push_back(item + round);
            }
            queue.retain(|item| *item != 2);
            let mut taken = Vec::new();
            while let Some(item) = queue.pop_front() {
                taken.push(item);
            }
            let expected: Vec<i32> = (round..round + 5).filter(|item| *item != 2).collect();
            assert_eq!(taken, expected);
            assert!(queue.is_empty());
        }
    }
}
