//! The `channel` module and the methods of channels.

use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::channel::{Channel, Event, MAX_CAPACITY, Offered, Received, select};
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::heap::Tally;
use crate::held::Held;
use crate::module::Module;
use crate::process::task::{TaskId, Wait, Wake, pause, yield_with};
use crate::results::Multi;
use crate::stdlib::args;
use crate::table::{Key, Quick};
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::{Tag, Value};

crate::library! {
    pub static CHANNEL = "channel" {
        "new" => plain new,
        "select" => async select::select,
    }
}

pub use select::{receive_case, select, select_cases};

crate::library! {
    static METHODS = "channel" {
        "send" => async send,
        "receive" => async receive,
        "close" => async close,
        "case_send" => plain case_send,
        "case_receive" => plain case_receive,
    }
}

impl Methods for Channel {
    const METHODS: &'static Module = &METHODS;
    const FACET_METHODS: &'static Module = &CASE_METHODS;
}

impl UserData for Channel {
    fn clear(&self) {
        self.content.clear();
    }

    fn weigh(&self, tally: &mut Tally) {
        self.weigh_content(tally);
    }
}

/// A send case of a select. A receive case is the other face of its channel (`Tag::Facet`).
pub struct Case {
    pub(super) channel: Held,
    pub(super) value: Held,
}

crate::library! {
    static CASE_METHODS = "channel.case" {}
}

impl Methods for Case {
    const METHODS: &'static Module = &CASE_METHODS;
}

impl UserData for Case {
    fn clear(&self) {
        self.channel.clear();
        self.value.clear();
    }
}

/// `channel.new([n])`
///
/// # Errors
/// A size that is no number.
pub fn new(cx: Cx, args: &[Value]) -> LuaResult {
    let capacity = args::optional_integer(cx, args, 1, "new", 0)?.clamp(0, i64::from(MAX_CAPACITY));
    Ok(Channel::new(cx, u32::try_from(capacity).unwrap_or(0)))
}

fn channel<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a Channel> {
    let channel = args.first().and_then(Value::downcast::<Channel>);
    channel.ok_or_else(|| cx.throw_argument(1, function, "channel expected"))
}

fn case_receive(cx: Cx, args: &[Value]) -> LuaResult {
    channel(cx, args, "case_receive")?;
    Ok(args.first().map(Value::as_facet).unwrap_or_default())
}

fn case_send(cx: Cx, args: &[Value]) -> LuaResult {
    channel(cx, args, "case_send")?;
    let held = |position: usize| Held::new(args.get(position).cloned().unwrap_or_default());
    Ok(UserDataBox::new(cx, Case { channel: held(0), value: held(1) }))
}

/// The running task and the one it woke, in the order they go on.
async fn hand_over(cx: Cx, woken: Option<TaskId>) {
    if woken.is_some_and(|woken| puts_aside(cx, woken)) {
        pause().await;
    }
}

/// Lets the running task go on, then the one it woke. True if the running one must suspend for that.
pub(super) fn puts_aside(cx: Cx, woken: TaskId) -> bool {
    let tasks = &cx.process().tasks;
    let suspends = cx.may_suspend();
    if suspends {
        tasks.put_aside(&[tasks.current.get(), woken]);
    } else {
        tasks.wake(woken);
    }
    suspends
}

/// The channel that `receiver:name()` receives from, if that is what it does.
#[inline(always)]
pub(crate) fn receiving<'a>(receiver: &'a Value, name: &Key) -> Option<&'a Channel> {
    if name.quick() == Quick::Receive && receiver.tag() == Tag::UserData { receiver.downcast() } else { None }
}

/// A receive that could not be over at once.
pub(crate) enum Receiving {
    Waiting(Wait),
    /// The value has come; its sender and the task go on in turn.
    Handing(Value),
}

/// How a receive begins.
pub(crate) enum Begun {
    /// The next value; false with nil when the channel is closed.
    Received(Value, bool),
    Receiving(Receiving),
}

impl Receiving {
    /// # Errors
    /// Nothing may suspend here.
    #[inline(always)]
    pub fn begin(cx: Cx, channel: &Channel) -> LuaResult<Begun> {
        if !channel.is_idle()
            && let Some(begun) = Self::begin_with_value(cx, channel)
        {
            return Ok(begun);
        }
        cx.check_suspension()?;
        let ticket = cx.process().tasks.ticket();
        channel.wait_to_receive(ticket, 0);
        Ok(Begun::Receiving(Receiving::Waiting(Wait::new(cx, ticket))))
    }

    #[inline(never)]
    fn begin_with_value(cx: Cx, channel: &Channel) -> Option<Begun> {
        match channel.take_waiting() {
            Received::Value(value, sender) => Some(match sender {
                Some(sender) if puts_aside(cx, sender) => Begun::Receiving(Receiving::Handing(value)),
                _ => Begun::Received(value, true),
            }),
            Received::Closed => Some(Begun::Received(Value::NIL, false)),
            Received::NotReady => None,
        }
    }

    /// The value, if it has come.
    #[inline(always)]
    pub fn poll(&mut self) -> Poll<(Value, bool)> {
        match self {
            Receiving::Handing(value) => Poll::Ready((std::mem::take(value), true)),
            Receiving::Waiting(wait) => match wait.outcome() {
                None => Poll::Pending,
                Some(Wake::Channel(Event::Received { completed, value })) => {
                    Poll::Ready((value, completed.ok()))
                }
                Some(_) => Poll::Ready((Value::NIL, false)),
            },
        }
    }
}

async fn receive(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let (value, ok) = match Receiving::begin(cx, channel(cx, args, "receive")?)? {
        Begun::Received(value, ok) => (value, ok),
        Begun::Receiving(mut receiving) => {
            // It was not over when it began, so the first look is not worth it.
            let mut is_first = true;
            let look = |_: &mut Context<'_>| {
                if std::mem::take(&mut is_first) { Poll::Pending } else { receiving.poll() }
            };
            poll_fn(look).await
        }
    };
    Ok(Multi::pair(cx, value, Value::bool(ok)))
}

async fn send(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let channel = channel(cx, args, "send")?;
    let value = args.get(1).cloned().unwrap_or_default();
    match channel.offer(value.clone()) {
        Offered::Taken(receiver) => {
            hand_over(cx, receiver).await;
            return Ok(Multi::one(cx, Value::TRUE));
        }
        Offered::Closed => return Err(cx.throw_text("send on closed channel")),
        Offered::NotReady => {}
    }
    cx.check_suspension()?;
    let ticket = cx.process().tasks.ticket();
    channel.wait_to_send(ticket, 0, value);
    match Wait::new(cx, ticket).await {
        Wake::Channel(Event::Closed) => Ok(closed_while_sending(cx)),
        _ => Ok(Multi::one(cx, Value::TRUE)),
    }
}

/// `nil, Err("send on closed channel")`: what a blocked sender gets when the channel closes.
pub(crate) fn closed_while_sending(cx: Cx) -> Multi {
    cx.failure("", "send on closed channel")
}

async fn close(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let mut woken = channel(cx, args, "close")?.close();
    if woken.is_empty() {
        return Ok(());
    }
    woken.push(cx.process().tasks.current.get());
    if cx.may_suspend() {
        yield_with(cx, &woken).await;
    } else {
        woken.pop();
        for task in woken {
            cx.process().tasks.wake(task);
        }
    }
    Ok(())
}
