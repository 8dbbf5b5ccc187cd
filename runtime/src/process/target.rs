//! What a spawn is to start, and where. Texts of the program's code are the same object every time, so a
//! core remembers what they meant; nothing that they mean changes while the program runs.

use crate::application::Entry;
use crate::process::host::HostId;
use crate::string::StaticStr;

/// The code of a process, and the host it runs on.
#[derive(Clone, Copy)]
pub struct Target {
    pub entry: &'static Entry,
    pub host: HostId,
}

/// The texts of an entry and a host.
pub type Texts = [&'static StaticStr; 2];

/// What a core remembers.
#[derive(Default)]
pub struct Targets([Option<(Texts, Target)>; PLACES]);

const PLACES: usize = 8;

/// The place of these texts, which others may share.
fn place(texts: Texts) -> usize {
    let [entry, host] = texts.map(|text| std::ptr::from_ref(text).addr() / align_of::<StaticStr>());
    (entry ^ host.wrapping_mul(3)) % PLACES
}

impl Targets {
    pub fn get(&self, texts: Texts) -> Option<Target> {
        let (known, target) = self.0.get(place(texts))?.as_ref()?;
        known.iter().zip(texts).all(|(known, text)| std::ptr::eq(*known, text)).then_some(*target)
    }

    pub fn put(&mut self, texts: Texts, target: Target) {
        if let Some(place) = self.0.get_mut(place(texts)) {
            *place = Some((texts, target));
        }
    }
}
