//! Letters that were taken out of the mailbox while code ran: the process was asked whether it is to end. They are
//! handled first when the process reads its mail.

use crate::heap::counted::Share;
use crate::process::signal::Signal;
use crate::sched::mailbox::Envelope;
use crate::sched::slot::Letter;

/// Letters that wait to be handled.
#[derive(Default)]
pub struct Early {
    #[expect(clippy::vec_box, reason = "letters stay where they are")]
    letters: Vec<Box<Envelope<Letter>>>,
    /// What their messages count for, in a process whose memory is limited (`heap/counted`).
    share: Share,
}

impl Early {
    pub fn push(&mut self, mut letter: Box<Envelope<Letter>>, is_counted: bool) {
        if is_counted && let Signal::Message { payload, .. } = &mut letter.content.signal {
            self.share.grow(size_of::<Envelope<Letter>>() + payload.size());
        }
        self.letters.push(letter);
    }

    #[expect(clippy::vec_box, reason = "letters stay where they are")]
    pub fn take(&mut self) -> Vec<Box<Envelope<Letter>>> {
        self.share.set(0);
        std::mem::take(&mut self.letters)
    }

    /// How many of them are messages.
    pub fn messages(&self) -> usize {
        self.letters.iter().filter(|letter| letter.content.signal.is_message()).count()
    }

    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }
}
