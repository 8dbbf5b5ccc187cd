//! Which channel has subscribed to which topic: a list, as most processes listen to few topics, and an
//! index of those that listen to many.

use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use crate::process::topic::Topic;
use crate::value::Value;

/// So many subscriptions are found by looking through a list.
const FEW: usize = 16;

/// The channels of topics. A topic has one channel; a channel may have several topics.
#[derive(Default)]
pub struct Subscriptions {
    few: ThinVec<(Topic, Value)>,
    others: Option<Box<Index>>,
}

#[derive(Default)]
struct Index {
    by_topic: FxHashMap<Topic, Value>,
    /// The topics of a channel, by the place of the channel in memory.
    by_channel: FxHashMap<u64, ThinVec<Topic>>,
}

impl Subscriptions {
    pub fn is_empty(&self) -> bool {
        self.few.is_empty() && self.others.is_none()
    }

    /// The channel of a topic.
    pub fn get(&self, topic: &Topic) -> Option<&Value> {
        let listed = self.few.iter().find(|(own, _)| own == topic).map(|(_, channel)| channel);
        listed.or_else(|| self.others.as_ref()?.by_topic.get(topic))
    }

    /// Adds the channel of a topic that has none.
    pub fn add(&mut self, topic: Topic, channel: Value) {
        if self.few.len() < FEW {
            // Few processes have many.
            self.few.reserve_exact(1);
            self.few.push((topic, channel));
            return;
        }
        let index = self.others.get_or_insert_default();
        index.by_channel.entry(channel.raw_bits()).or_default().push(topic.clone());
        index.by_topic.insert(topic, channel);
    }

    /// Ends what a channel has subscribed to. False if that is nothing.
    pub fn remove(&mut self, channel: &Value) -> bool {
        let before = self.few.len();
        self.few.retain(|(_, own)| !own.is_identical(channel));
        let is_listed = self.few.len() != before;
        let Some(index) = &mut self.others else { return is_listed };
        let topics = index.by_channel.remove(&channel.raw_bits()).unwrap_or_default();
        for topic in &topics {
            index.by_topic.remove(topic);
        }
        if index.by_topic.is_empty() {
            self.others = None;
        }
        is_listed || !topics.is_empty()
    }

    /// The topics with their channels.
    pub fn iter(&self) -> impl Iterator<Item = (&Topic, &Value)> {
        let listed = self.few.iter().map(|(topic, channel)| (topic, channel));
        listed.chain(self.others.iter().flat_map(|index| index.by_topic.iter()))
    }

    /// The channels, each as often as it has topics.
    pub fn channels(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, channel)| channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;
    use crate::testing::with_cx;

    #[test]
    fn a_topic_finds_its_channel_however_many_there_are() {
        with_cx(|cx| {
            let mut subscriptions = Subscriptions::default();
            let topic = |number: usize| Topic::Bytes(format!("t{number}").into_bytes().into());
            let channels: Vec<Value> = (0..100).map(|_| Channel::new(cx, 0)).collect();
            for (number, channel) in channels.iter().enumerate() {
                subscriptions.add(topic(number), channel.clone());
            }
            subscriptions.add(topic(100), channels[7].clone());
            subscriptions.add(topic(101), channels[70].clone());
            assert_eq!(subscriptions.channels().count(), 102);
            for number in (0..100).rev() {
                assert!(subscriptions.get(&topic(number)).unwrap().is_identical(&channels[number]));
                assert!(subscriptions.remove(&channels[number]));
                assert!(!subscriptions.remove(&channels[number]));
                assert!(subscriptions.get(&topic(number)).is_none());
            }
            assert!(subscriptions.get(&topic(100)).is_none() && subscriptions.is_empty());
        });
    }
}
