//! The section `disable`: entries that are left out.

use crate::manifest::configuration::Disable;
use crate::manifest::node;
use crate::manifest::raw::{Collected, RawEntry};

/// Removes what the patterns name.
pub fn apply(collected: &mut Collected, disable: &Disable) {
    let Collected { entries, disabled, .. } = collected;
    entries.retain(|entry| {
        let is_disabled = is_disabled(entry, disable);
        if is_disabled {
            disabled.insert(entry.id.clone());
        }
        !is_disabled
    });
}

fn is_disabled(entry: &RawEntry, disable: &Disable) -> bool {
    let by_namespace = disable.namespaces.iter().any(|(pattern, _)| matches(pattern, &entry.id.namespace));
    let by_id = disable.entries.iter().any(|(pattern, _)| {
        let (namespace, name) = pattern.split_once(':').unwrap_or_default();
        matches(namespace, &entry.id.namespace) && matches(name, &entry.id.name)
    });
    let by_meta = disable.meta.iter().any(|(key, value)| {
        let own = node::find(&entry.meta, key).map(|field| &field.node);
        own.and_then(|node| node.as_text()) == Some(value)
    });
    by_namespace || by_id || by_meta
}

/// Dotted segments: `*` is any one, `**` any number, `(a|b)` one of several.
fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('.').collect();
    let text: Vec<&str> = text.split('.').collect();
    // Which lengths of the text the parts so far can match.
    let mut reached: Vec<bool> = (0..=text.len()).map(|length| length == 0).collect();
    for part in pattern {
        reached = if part == "**" {
            let mut is_open = false;
            let open = |reached: bool| {
                is_open |= reached;
                is_open
            };
            reached.into_iter().map(open).collect()
        } else {
            let longer = reached.iter().zip(&text).map(|(reached, own)| *reached && segment(part, own));
            std::iter::once(false).chain(longer).collect()
        };
    }
    reached.last().copied().unwrap_or(false)
}

fn segment(pattern: &str, text: &str) -> bool {
    let alternatives = pattern.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match alternatives {
        Some(alternatives) => alternatives.split('|').any(|alternative| alternative == text),
        None => pattern == "*" || pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_work_by_segments() {
        for (pattern, text, fits) in [
            ("app", "app", true),
            ("app", "app.api", false),
            ("app.*", "app.api", true),
            ("app.*", "app", false),
            ("app.*", "app.api.v2", false),
            ("app.**", "app", true),
            ("app.**", "app.api.v2", true),
            ("**.test", "app.api.test", true),
            ("**.test", "test", true),
            ("**", "anything.at.all", true),
            ("a.**.z", "a.b.c.z", true),
            ("a.**.z", "a.b.c.y", false),
            ("app.(api|web).*", "app.web.v1", true),
            ("app.(api|web).*", "app.cli.v1", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
