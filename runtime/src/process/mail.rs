//! The delivery of messages: from a process's mailbox to the channels that subscribed.
//!
//! A message goes to the channel of its topic, else (unless the topic starts with `@`) to the inbox,
//! else it waits unclaimed. What a channel cannot hand over waits in that channel's backlog, so a
//! message that cannot be delivered holds up nobody.

use std::cell::Cell;

use thin_vec::ThinVec;

use crate::channel::Channel;
use crate::cx::Cx;
use crate::held::{Held, with};
use crate::process::item::Item;
use crate::process::subscriptions::Subscriptions;
use crate::process::topic::Topic;
use crate::string::StaticStr;
use crate::table::{Key, Record, Table};

use crate::value::Value;

static INBOX_TEXT: StaticStr = StaticStr::new(b"@pid/inbox");
static EVENTS_TEXT: StaticStr = StaticStr::new(b"@pid/events");
pub static INBOX: Topic = Topic::literal(&INBOX_TEXT);
pub static EVENTS: Topic = Topic::literal(&EVENTS_TEXT);

/// The unclaimed messages and the subscriptions of one process.
pub struct Mail {
    /// The channels of the two topics that most processes have; nil without.
    inbox: Held,
    events: Held,
    /// The channels of all other topics.
    others: Cell<Option<Box<Subscriptions>>>,
    /// In the order of arrival.
    unclaimed: Cell<ThinVec<Item>>,
    arrived: Cell<u64>,
}

impl Mail {
    pub(crate) const fn new() -> Mail {
        Mail {
            inbox: Held::new(Value::NIL),
            events: Held::new(Value::NIL),
            others: Cell::new(None),
            unclaimed: Cell::new(ThinVec::new()),
            arrived: Cell::new(0),
        }
    }

    /// Whether there never was a subscription but inbox and events, nor a message that nobody claimed.
    #[inline]
    pub(crate) fn is_plain(&mut self) -> bool {
        self.others.get_mut().is_none() && self.unclaimed.get_mut().capacity() == 0
    }

    /// Drops the channels of inbox and events.
    #[inline]
    pub(crate) fn let_go(&self) {
        self.inbox.clear();
        self.events.clear();
    }

    /// Takes one message that arrived.
    #[inline(never)]
    pub fn post(&self, item: Item) {
        self.number(&item);
        self.route(item);
    }

    /// Takes an event. Mostly a task waits for it.
    pub fn post_event(&self, cx: Cx, event: Value) {
        // SAFETY: the event is handed to a task, which does not come back to what this process has
        // subscribed to.
        let channel = unsafe { self.events.peek() }.downcast::<Channel>();
        let events = channel.filter(|events| !events.is_closed() && !events.gives_messages());
        match events.and_then(|events| Some((events, events.take_single(cx)?))) {
            Some((events, receiver)) => events.hand_over(cx, receiver, event),
            None => self.post(Item::of(event)),
        }
    }

    /// The inbox, if a message of that topic goes there. Most processes have subscribed to nothing but their inbox
    /// and events.
    #[inline(always)]
    pub(crate) fn inbox_for(&self, topic: &Topic) -> Option<&Channel> {
        if topic.is_internal() || self.has_others() {
            return None;
        }
        // SAFETY: the message is made and handed to a task or put into the channel; neither that nor a
        // collection it may cause comes back to what this process has subscribed to.
        let inbox = unsafe { self.inbox.peek() }.downcast::<Channel>()?;
        inbox.gives_messages().then_some(inbox)
    }

    /// Takes a message for the inbox, where no single task waits for it.
    #[inline]
    pub(crate) fn post_to(&self, inbox: &Channel, item: Item) {
        self.number(&item);
        inbox.post(item);
    }

    /// Gives a message its place in the order of arrival.
    fn number(&self, item: &Item) {
        let order = self.arrived.get();
        self.arrived.set(order + 1);
        item.set_order(order);
    }

    /// Whether channels have subscribed to other topics than most processes have.
    #[inline(always)]
    fn has_others(&self) -> bool {
        // SAFETY: looking comes back to nothing, and nobody works on the list.
        unsafe { (*self.others.as_ptr()).is_some() }
    }

    fn route(&self, item: Item) {
        if item.topic().is_internal() || self.has_others() {
            return self.route_elsewhere(item);
        }
        match self.inbox.get().downcast::<Channel>().filter(|inbox| !inbox.is_closed()) {
            Some(inbox) => inbox.post(item),
            None => self.route_elsewhere(item),
        }
    }

    #[inline(never)]
    fn route_elsewhere(&self, item: Item) {
        let Some(value) = self.target(item.topic()) else {
            if item.topic().bytes().starts_with(crate::process::bus::PREFIX) {
                // The subscription has been closed.
                return;
            }
            with(&self.unclaimed, |unclaimed| unclaimed.push(item));
            return;
        };
        let Some(channel) = value.downcast::<Channel>() else { return };
        if channel.is_closed() {
            // Closed by hand: the subscription ends and this message is lost with it.
            self.forget(&value);
        } else {
            channel.post(item);
        }
    }

    /// The place of a topic's channel that has a place of its own.
    fn own_place(&self, topic: &Topic) -> Option<&Held> {
        if !topic.is_internal() {
            return None;
        }
        [(&INBOX, &self.inbox), (&EVENTS, &self.events)]
            .into_iter()
            .find(|(own, _)| *own == topic)
            .map(|(_, place)| place)
    }

    /// The channel that takes messages of `topic`.
    fn target(&self, topic: &Topic) -> Option<Value> {
        let inbox = || Some(self.inbox.get()).filter(|channel| !channel.is_nil() && !topic.is_internal());
        self.bound(topic).or_else(inbox)
    }

    /// Ends the subscriptions of a channel. False if it has none.
    fn forget(&self, channel: &Value) -> bool {
        let mut is_known = with(&self.others, |others| {
            let is_known = others.as_mut().is_some_and(|others| others.remove(channel));
            others.take_if(|others| others.is_empty());
            is_known
        });
        for place in [&self.inbox, &self.events] {
            if place.with(|known| known.is_identical(channel)) {
                place.clear();
                is_known = true;
            }
        }
        is_known
    }

    /// The channels of all subscriptions.
    fn channels(&self) -> Vec<Value> {
        let mut channels = vec![self.inbox.get(), self.events.get()];
        with(&self.others, |others| {
            channels.extend(others.iter().flat_map(|others| others.channels().cloned()));
        });
        channels
    }

    /// The channel of `topic`, made with `capacity` on first use. Messages that wait for it flow in.
    pub fn subscribe(&self, cx: Cx, topic: &Topic, capacity: u32, as_message: bool) -> Value {
        let place = self.own_place(topic);
        let known = place.map(Held::get).filter(|channel| !channel.is_nil());
        let known = if place.is_none() { self.bound(topic) } else { known };
        let is_known = known.is_some();
        let value = known.unwrap_or_else(|| Channel::new(cx, capacity));
        if as_message && let Some(channel) = value.downcast::<Channel>() {
            channel.give_messages();
        }
        match place.filter(|_| self.unclaimed() == 0) {
            _ if is_known => {}
            Some(place) => drop(place.replace(value.clone())),
            None => self.bind(topic, value.clone()),
        }
        value
    }

    /// The channel bound to exactly this topic.
    pub fn bound(&self, topic: &Topic) -> Option<Value> {
        match self.own_place(topic) {
            Some(place) => Some(place.get()).filter(|channel| !channel.is_nil()),
            None => with(&self.others, |others| others.as_ref()?.get(topic).cloned()),
        }
    }

    /// Binds a channel to a topic that is free, and routes anew what waits for it.
    pub fn bind(&self, topic: &Topic, channel: Value) {
        let mut waiting: Vec<Item> = Vec::new();
        if !topic.is_internal()
            && let Some(inbox) = self.bound(&INBOX)
        {
            let recall = |channel: &Channel| channel.recall(|item| item.topic() == topic);
            waiting.extend(inbox.downcast::<Channel>().map(recall).unwrap_or_default());
        }
        match self.own_place(topic) {
            Some(place) => drop(place.replace(channel)),
            None => with(&self.others, |others| {
                others.get_or_insert_default().add(topic.clone(), channel);
            }),
        }
        waiting.extend(self.take_unclaimed());
        if !waiting.is_empty() {
            self.route_all(waiting);
        }
    }

    /// Ends the subscription of `channel` and closes it. False if it is none.
    pub fn unsubscribe(&self, channel: &Value) -> bool {
        let is_news = self.forget(channel);
        if let Some(channel) = channel.downcast::<Channel>().filter(|_| is_news) {
            let undelivered = channel.recall(|_| true);
            channel.shut();
            self.route_all(undelivered);
        }
        is_news
    }

    /// Routes messages that arrived earlier, among those that wait where they go.
    fn route_all(&self, mut items: Vec<Item>) {
        let touched: Vec<Value> = items.iter().filter_map(|item| self.target(item.topic())).collect();
        for value in &touched {
            items.extend(
                value.downcast::<Channel>().map(|channel| channel.recall(|_| true)).unwrap_or_default(),
            );
        }
        items.extend(self.take_unclaimed());
        items.sort_by_key(Item::order);
        for item in items {
            self.route(item);
        }
    }

    /// Everything that no code has received, in the order of arrival: what channels have in their buffers, too.
    pub(crate) fn take_undelivered(&self, cx: Cx) -> Vec<Item> {
        let mut items: Vec<Item> = self.take_unclaimed().into_iter().collect();
        let mut subscribed = vec![(INBOX.clone(), self.inbox.get()), (EVENTS.clone(), self.events.get())];
        with(&self.others, |others| {
            let others = others.iter().flat_map(|others| others.iter());
            subscribed.extend(others.map(|(topic, channel)| (topic.clone(), channel.clone())));
        });
        for (topic, channel) in subscribed {
            let Some(channel) = channel.downcast::<Channel>() else { continue };
            let buffered = channel.take_buffer().into_iter();
            items.extend(buffered.map(|value| Item::again(cx, &topic, value)));
            items.extend(channel.recall(|_| true));
        }
        items.sort_by_key(Item::order);
        items
    }

    /// Whether anything from outside could still wake this process.
    pub fn has_subscriptions(&self) -> bool {
        self.channels().iter().any(|channel| !channel.is_nil())
    }

    /// Messages that nobody has received yet.
    pub fn waiting(&self) -> usize {
        let channels = self.channels();
        let waiting = channels.iter().filter_map(Value::downcast::<Channel>).map(Channel::waiting);
        self.unclaimed() + waiting.sum::<usize>()
    }

    fn take_unclaimed(&self) -> ThinVec<Item> {
        self.unclaimed.take()
    }

    /// What it takes, but for its channels and the messages themselves.
    pub(crate) fn size(&self) -> usize {
        with(&self.unclaimed, |unclaimed| unclaimed.capacity() * size_of::<Item>())
    }

    /// How many messages a new subscription looks through.
    pub fn unsorted(&self) -> usize {
        let inbox = self.inbox.get();
        self.unclaimed() + inbox.downcast::<Channel>().map_or(0, Channel::waiting)
    }

    /// Messages that nobody subscribed to.
    pub fn unclaimed(&self) -> usize {
        with(&self.unclaimed, |unclaimed| unclaimed.len())
    }

    /// Drops everything: the process is ending.
    pub fn clear(&self) {
        drop(self.take_unclaimed());
        drop(self.others.take());
        self.let_go();
    }
}

/// The fields of an event about an end.
pub static ENDED: Record<4> =
    Record::new([Key::new(b"kind"), Key::new(b"from"), Key::new(b"at"), Key::new(b"result")]);
/// The fields of a request to stop.
pub static ASKED: Record<4> =
    Record::new([Key::new(b"kind"), Key::new(b"from"), Key::new(b"at"), Key::new(b"reason")]);

/// An event `{kind=, from=, at=, ..}` for the events channel.
pub fn event(
    cx: Cx,
    fields: &'static Record<4>,
    kind: &'static StaticStr,
    from: Value,
    field: Value,
) -> Value {
    let now = cx.process().system.as_ref().map(|system| system.wall_seconds());
    let at = Value::int(now.unwrap_or_default());
    Table::record_exact(cx, fields, [Value::static_str(kind), from, at, field])
}
