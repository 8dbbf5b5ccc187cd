//! The values of one message. Most have one, which then takes no memory of its own.

use thin_vec::ThinVec;

use crate::results::Args;
use crate::value::Value;

#[derive(Clone, Debug, Default)]
pub enum Payloads {
    #[default]
    None,
    One(Value),
    /// Two or more.
    Many(ThinVec<Value>),
}

impl Payloads {
    #[inline]
    pub fn as_slice(&self) -> &[Value] {
        match self {
            Payloads::None => &[],
            Payloads::One(value) => std::slice::from_ref(value),
            Payloads::Many(values) => values,
        }
    }

    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first value, nil without any.
    #[inline(always)]
    pub fn first(self) -> Value {
        match self {
            Payloads::None => Value::NIL,
            Payloads::One(value) => value,
            Payloads::Many(values) => values.into_iter().next().unwrap_or_default(),
        }
    }

    /// The values as arguments of a call.
    #[inline]
    pub fn into_args(self) -> Args {
        let mut args = Args::new();
        match self {
            Payloads::None => {}
            Payloads::One(value) => args.push(value),
            Payloads::Many(values) => args.extend(values),
        }
        args
    }

    /// The values, one after the other.
    pub fn into_values(self) -> impl ExactSizeIterator<Item = Value> {
        let values = match self {
            Payloads::None => ThinVec::new(),
            Payloads::One(value) => ThinVec::from([value]),
            Payloads::Many(values) => values,
        };
        values.into_iter()
    }
}

impl FromIterator<Value> for Payloads {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Payloads {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Payloads::None,
            (Some(only), None) => Payloads::One(only),
            (Some(first), Some(second)) => {
                Payloads::Many([first, second].into_iter().chain(values).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_number_and_order() {
        assert_eq!(size_of::<Payloads>(), size_of::<Value>());
        for count in 0..4 {
            let payloads: Payloads = (0..count).map(Value::int).collect();
            assert_eq!(payloads.len(), usize::try_from(count).unwrap());
            let seen: Vec<_> = payloads.as_slice().iter().map(Value::as_int).collect();
            let taken: Vec<_> = payloads.clone().into_values().map(|value| value.as_int()).collect();
            assert_eq!(seen, (0..count).map(Some).collect::<Vec<_>>());
            assert_eq!(taken, seen);
            assert_eq!(payloads.first().as_int(), (count > 0).then_some(0));
        }
    }
}
