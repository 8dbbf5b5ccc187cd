//! Context values: plain data that a process hands down to the processes it starts and the functions
//! it calls. Shared, never changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::process::plain::Plain;

#[derive(Clone, Default)]
pub struct ContextValues(Option<Arc<BTreeMap<String, Arc<Plain>>>>);

impl ContextValues {
    pub const NONE: ContextValues = ContextValues(None);

    pub fn get(&self, key: &str) -> Option<&Plain> {
        self.0.as_ref()?.get(key).map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |values| values.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Plain)> {
        self.0.iter().flat_map(|values| values.iter().map(|(key, value)| (key, &**value)))
    }

    /// These values, with more on top.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = (String, Plain)>) -> ContextValues {
        let mut values = self.0.as_deref().cloned().unwrap_or_default();
        values.extend(more.into_iter().map(|(key, value)| (key, Arc::new(value))));
        ContextValues((!values.is_empty()).then(|| Arc::new(values)))
    }
}
