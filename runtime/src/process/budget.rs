//! The budget of running code: every so often a busy process looks around.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::details;
use crate::process::exit::Cause;
use crate::process::meter;
use crate::process::signal::Signal;
use crate::sched::worker::consider_hand_off;
use crate::value::Value;

/// So many loop turns or calls between two looks: some tens of microseconds.
pub const BUDGET: u32 = 10_000;

/// A library function that spends so many units at once may take longer than a slice, and does not look
/// around meanwhile.
const LONG: usize = 40 * BUDGET as usize;

/// The budget is used up: sees whether the process is to end, and whether others wait for its core.
///
/// # Errors
/// The process is being ended.
#[cold]
pub fn look_around(cx: Cx) -> LuaResult<()> {
    look_ahead(cx, 0)
}

/// As [`look_around`], before something that takes so many units.
///
/// # Errors
/// The process is being ended.
#[cold]
pub fn look_ahead(cx: Cx, units: usize) -> LuaResult<()> {
    let state = cx.process();
    cx.set_budget(BUDGET);
    let Some(system) = &state.system else { return Ok(()) };
    if !state.is_dying()
        && let Some(cause) = read_ahead(cx).or_else(|| meter::look(cx, BUDGET))
    {
        state.begin_to_die(cause);
    }
    if state.is_dying() {
        // Every further look ends the same way.
        cx.set_budget(0);
        return Err(cx.throw(Value::NIL));
    }
    // Whoever else comes shall not wait for that; in a script nobody does.
    let is_long = units >= LONG && !cx.is_script();
    if consider_hand_off(system, is_long) {
        // It no longer holds up the others of its host.
        system.leave_turn(state.pid().host);
    }
    Ok(())
}

/// So many bytes of text at once count as one loop turn.
const TEXT: usize = 64;

/// Spends for much text that is about to be made.
///
/// # Errors
/// The process is being ended, or would take too much memory.
#[cold]
pub fn spend_text(cx: Cx, bytes: usize) -> LuaResult<()> {
    let state = cx.process();
    if !state.is_dying()
        && let Some(cause) = meter::refuses(cx, bytes)
    {
        state.begin_to_die(cause);
        cx.set_budget(0);
        return Err(cx.throw(Value::NIL));
    }
    cx.spend_many(bytes / TEXT)
}

/// Takes the letters out of the mailbox without handling them; why the process must end, if it must.
fn read_ahead(cx: Cx) -> Option<Cause> {
    let state = cx.process();
    let system = state.system.as_ref()?;
    let slot = system.slot(state.identity()).filter(|slot| slot.mailbox.has_letters())?;
    let mut cause = None;
    let mut inquiries = Vec::new();
    for letter in slot.mailbox.take_ahead().map(|envelope| envelope.content) {
        if letter.to != state.identity() {
            system.undeliverable(letter);
            continue;
        }
        cause = cause.or(fatal(cx, &letter.signal));
        match letter.signal {
            Signal::Inquire(inquiry) => inquiries.push(inquiry),
            signal => state.rare().early.push(signal),
        }
    }
    // The messages among the letters count.
    inquiries.iter().for_each(|inquiry| details::answer(cx, inquiry));
    cause
}

/// Why a signal ends the process at once, if it does.
fn fatal(cx: Cx, signal: &Signal) -> Option<Cause> {
    let state = cx.process();
    match signal {
        Signal::Terminate(why) => Some(*why),
        Signal::LinkDown { from, .. } => {
            let is_linked = state.relations().links.contains(from.identity);
            (is_linked && !state.trap_links.get()).then_some(Cause::Linked)
        }
        _ => None,
    }
}
