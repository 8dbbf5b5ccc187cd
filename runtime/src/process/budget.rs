//! The budget of running code: every so often a busy process looks around.
//!
//! What is spent are loop turns, calls, and what library functions go through. A turn of a loop may take long
//! nevertheless, so the budget follows the time that the last one took: it grows while budgets are spent within
//! microseconds, and shrinks to a single unit where units take milliseconds. In a simulation, and in a script, which
//! is alone, it is always the same.

use std::time::Duration;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::details;
use crate::process::exit::Cause;
use crate::process::meter;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::sched::worker::{consider_hand_off, hand_off, since_last_look};
use crate::value::Value;

/// So many loop turns or calls between two looks: some tens of microseconds.
pub const BUDGET: u32 = 10_000;
/// The budget of a fresh process.
pub const FIRST: u16 = 16;
/// The most that follows the first look in a turn, before the pace of the turn is known.
const UNSURE: u16 = 512;
/// Budgets that are spent within this may grow.
const QUICK: Duration = Duration::from_micros(100);
/// Budgets that take longer shrink.
const SLOW: Duration = Duration::from_millis(1);

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
    let Some(system) = &state.system else {
        cx.set_budget(BUDGET);
        return Ok(());
    };
    let spent = cx.span().into();
    let took = set_pace(cx, system);
    if !state.is_dying()
        && let Some(cause) = read_ahead(cx).or_else(|| meter::look(cx, spent))
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
    if !is_long && spent < BUDGET && took < QUICK {
        return Ok(());
    }
    let host = state.pid().host;
    if is_long {
        hand_off(system, host);
    } else {
        consider_hand_off(system, host, took);
    }
    Ok(())
}

/// Sets the next budget by the time that the last one took, as far as that is known.
fn set_pace(cx: Cx, system: &System) -> Duration {
    let most = u16::try_from(BUDGET).unwrap_or(u16::MAX);
    if cx.is_script() || system.scheduler().is_simulated() {
        cx.set_span(most);
        return Duration::ZERO;
    }
    let (span, took) = (cx.span(), since_last_look());
    cx.set_span(match took {
        None => span.saturating_mul(2).min(UNSURE),
        Some(took) if took < QUICK => span.saturating_mul(4).min(most),
        Some(took) if took > SLOW => {
            let share = u128::from(span) * SLOW.as_nanos() / (2 * took.as_nanos());
            u16::try_from(share).unwrap_or(most).max(1)
        }
        Some(_) => span,
    });
    took.unwrap_or_default()
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

/// Takes the letters out of the mailbox, and handles none but those that change relations: of a link that was made
/// while it computes, a process must know when the other fails. Why the process must end, if it must.
fn read_ahead(cx: Cx) -> Option<Cause> {
    let state = cx.process();
    let system = state.system.as_ref()?;
    let slot = system.slot(state.identity()).filter(|slot| slot.mailbox.has_letters())?;
    let mut cause = None;
    let mut inquiries = Vec::new();
    let mut rare = state.rare();
    for letter in slot.mailbox.take_ahead() {
        if letter.content.to != state.identity() {
            system.undeliverable(letter.content);
            continue;
        }
        cause = cause.or(fatal(cx, &letter.content.signal));
        match &letter.content.signal {
            Signal::Inquire(inquiry) => inquiries.push(inquiry.clone()),
            signal if signal.relates() => state.relations().hear(signal),
            _ => rare.early.push(letter, state.meter.is_some()),
        }
    }
    drop(rare);
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
