//! What a process tells of itself when a person asks: see [`report`](super::report).

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crate::cx::Cx;
use crate::process::meter;
use crate::process::rare::Rare;
use crate::sched::Identity;

/// What only the process itself knows, or who holds it at rest.
pub struct Details {
    /// Messages that wait.
    pub mailbox: usize,
    /// In bytes.
    pub memory: f64,
    /// How long its turns took, if that is measured.
    pub run_time: Option<Duration>,
    pub links: usize,
    pub monitors: usize,
}

/// Where a process that is in the middle of a turn sends its answer.
pub type Inquiry = Sender<(Identity, Details)>;

impl Details {
    /// Of a process at rest, whose mailbox holds so many messages.
    pub fn at_rest(cx: Cx, letters: usize) -> Details {
        let run_time = cx.process().if_rare(|rare| rare.run_time).flatten();
        Details::new(cx, letters, meter::used(cx), run_time)
    }

    fn new(cx: Cx, letters: usize, memory: f64, run_time: Option<Duration>) -> Details {
        let state = cx.process();
        let early = state.if_rare(|rare| rare.early.messages()).unwrap_or(0);
        let (links, monitors) = state.relation_counts();
        Details { mailbox: letters + early + state.mail.waiting(), memory, run_time, links, monitors }
    }
}

/// The running process answers. Whoever asked may have given up waiting.
#[cold]
pub fn answer(cx: Cx, inquiry: &Inquiry) {
    let state = cx.process();
    let run_time = state.if_rare(|rare: &mut Rare| {
        let turn = rare.turn_begun.map(|begun: Instant| begun.elapsed());
        rare.run_time.into_iter().chain(turn).reduce(|sum, more| sum + more)
    });
    // What began before anybody measured is measured from now on.
    state.rare().turn_begun.get_or_insert_with(Instant::now);
    let details = Details::new(cx, 0, meter::used_now(cx), run_time.flatten());
    let _ = inquiry.send((state.identity(), details));
}
