//! A wait, as a future.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Ticket, Wake};
use crate::cx::Cx;

/// Waits for what completes a ticket; dropped early, it gives the wait up.
pub struct Wait {
    cx: Cx,
    ticket: Ticket,
    is_stuck: bool,
    is_over: bool,
}

impl Wait {
    pub fn new(cx: Cx, ticket: Ticket) -> Wait {
        Wait { cx, ticket, is_stuck: false, is_over: false }
    }

    /// A wait that nothing can complete.
    pub fn stuck(cx: Cx) -> Wait {
        let tasks = &cx.process().tasks;
        tasks.count_stuck(1);
        Wait { cx, ticket: tasks.ticket(), is_stuck: true, is_over: false }
    }
}

impl Wait {
    pub(crate) fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// What has completed it, once.
    #[inline(always)]
    pub(crate) fn outcome(&mut self) -> Option<Wake> {
        let wake = self.cx.process().tasks.take_wake(self.ticket);
        self.is_over = wake.is_some();
        wake
    }
}

impl Future for Wait {
    type Output = Wake;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Wake> {
        self.outcome().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Wait {
    #[inline]
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let tasks = &self.cx.process().tasks;
        tasks.give_up(self.ticket);
        if self.is_stuck {
            tasks.count_stuck(-1);
        }
    }
}
