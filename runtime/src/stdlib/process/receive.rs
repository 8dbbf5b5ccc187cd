//! Subscriptions: `inbox`, `events`, `listen`, and the globals `subscribe` and `unsubscribe`.

use super::{failed, invalid, refused};
use crate::channel::Channel;
use crate::cx::Cx;
use crate::error::LuaResult;
use crate::process::mail::{EVENTS, INBOX};
use crate::process::system::Failure;
use crate::process::task::subscription;
use crate::results::Multi;
use crate::value::Value;

/// `process.inbox()`
///
/// # Errors
/// Nothing may suspend here.
pub async fn inbox(cx: Cx, _: &[Value]) -> LuaResult {
    subscription(cx).await?;
    Ok(cx.process().mail.subscribe(cx, &INBOX, 0, true))
}

/// `process.events()`
///
/// # Errors
/// Nothing may suspend here.
pub async fn events(cx: Cx, _: &[Value]) -> LuaResult {
    subscription(cx).await?;
    Ok(cx.process().mail.subscribe(cx, &EVENTS, 0, false))
}

/// `process.listen(topic [, {message = bool}])`
///
/// # Errors
/// A topic that is no text.
pub async fn listen(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let topic = super::send::topic(cx, args, 1, "listen")?;
    if topic.bytes().is_empty() {
        return Ok(invalid(cx, "topic cannot be empty"));
    }
    if topic.is_internal() {
        return Ok(invalid(cx, "cannot listen to @ topics"));
    }
    let options = args.get(1).and_then(Value::as_table);
    let as_message = options.is_some_and(|options| options.get_text("message").as_bool() == Some(true));
    subscription(cx).await?;
    cx.spend_many(cx.process().mail.unsorted())?;
    Ok(Multi::one(cx, cx.process().mail.subscribe(cx, &topic, 1, as_message)))
}

/// `process.unlisten(channel)`
///
/// # Errors
/// No channel.
pub async fn unlisten(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    end_subscription(cx, args, "unlisten").await
}

/// The global `unsubscribe(channel)`.
///
/// # Errors
/// No channel.
pub async fn unsubscribe(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    end_subscription(cx, args, "unsubscribe").await
}

async fn end_subscription(cx: Cx, args: &[Value], function: &'static str) -> LuaResult<Multi> {
    let Some(channel) = args.first().filter(|value| value.downcast::<Channel>().is_some()) else {
        return Err(cx.throw_argument(1, function, "channel expected"));
    };
    subscription(cx).await?;
    if cx.process().mail.unsubscribe(channel) {
        return Ok(Multi::one(cx, Value::TRUE));
    }
    Ok(refused(cx, Failure::new("NotFound", "channel not found")))
}

/// The global `subscribe(topic, channel)`: binds a channel that exists.
///
/// # Errors
/// A topic that is no text, no channel.
pub async fn subscribe(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let topic = super::send::topic(cx, args, 1, "subscribe")?;
    let Some(channel) = args.get(1).filter(|value| value.downcast::<Channel>().is_some()) else {
        return Err(cx.throw_argument(2, "subscribe", "channel expected"));
    };
    subscription(cx).await?;
    let mail = &cx.process().mail;
    match mail.bound(&topic) {
        None => mail.bind(&topic, channel.clone()),
        Some(known) if known.is_identical(channel) => {}
        Some(_) => {
            let topic = String::from_utf8_lossy(topic.bytes()).into_owned();
            let message = format!("topic \"{topic}\" already subscribed");
            return Ok(failed(cx, Failure::new("AlreadyExists", message)));
        }
    }
    Ok(Multi::one(cx, channel.clone()))
}
