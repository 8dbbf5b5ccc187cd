//! The configuration at run time: `.wippy.yaml`, `--set`, and overrides of entries' data.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::application::Application;
use crate::host::check::check;
use crate::host::cli::Command;
use crate::host::log::{Level, Mode};
use crate::stdlib::duration;

/// What the run needs to know.
pub struct Config {
    pub mode: Mode,
    pub min_level: Level,
    /// Log records go to the event bus as well.
    pub to_events: bool,
    /// The whole stop takes no longer.
    pub shutdown_timeout: Duration,
    /// The data of every entry that is not disabled, overrides applied, by id.
    pub data: BTreeMap<&'static str, Json>,
}

/// Fields that are compiled in: changing them at run time cannot work.
const COMPILED: [&str; 5] = ["kind", "source", "modules", "imports", "method"];

/// Reads the files and applies the command line.
///
/// # Errors
/// A broken file, an override that fits no entry.
pub fn load(application: &'static Application, command: &Command) -> Result<Config, String> {
    let file = read_file(command.config.as_deref().unwrap_or(".wippy.yaml"))?;
    let setting = |path: &str| {
        let set = command.settings.iter().rev().find(|(key, _)| key == path).map(|(_, value)| convert(value));
        set.or_else(|| file.pointer(&format!("/{}", path.replace('.', "/"))).cloned())
    };
    let mut data: BTreeMap<&'static str, Json> = application
        .entries
        .iter()
        .map(|entry| (entry.id, serde_json::from_str(entry.data).unwrap_or_default()))
        .collect();
    let mut errors = Vec::new();
    let mut overrides = Vec::new();
    flatten("", file.get("override").unwrap_or(&Json::Null), &mut overrides);
    overrides.extend(command.overrides.iter().map(|(key, value)| (key.clone(), convert(value))));
    let is_overridden = !overrides.is_empty();
    for (key, value) in overrides {
        if let Err(error) = apply(&mut data, &key, value) {
            errors.push(error);
        }
    }
    if !errors.is_empty() {
        let list = errors.join(" ");
        return Err(format!(
            "failed to execute pipeline: stage 'override' failed: override errors: [{list}]"
        ));
    }
    if is_overridden {
        for entry in application.entries {
            let Some(data) = data.get(entry.id) else { continue };
            check(entry.kind, data).map_err(|cause| {
                format!("failed to load state: operation failed for entry {}: {cause}", entry.id)
            })?;
        }
    }
    disable(&mut data, application, file.get("disable").unwrap_or(&Json::Null))?;
    let is_quiet = setting("logmanager.propagate_downstream") == Some(Json::Bool(false))
        || command.silent
        || (command.execute.is_some() && !command.verbose && !command.console);
    let mode = match setting("logger.encoding").as_ref().and_then(Json::as_str) {
        _ if is_quiet => Mode::Silent,
        _ if command.console => Mode::Console,
        Some("json") => Mode::Json,
        _ => Mode::Text,
    };
    let by_flag = if command.verbose { Level::Debug } else { Level::Info };
    let by_setting = command.settings.iter().rev().find(|(key, _)| key == "logmanager.min_level");
    let min_level = by_setting.and_then(|(_, value)| value.parse().ok()).map_or(by_flag, Level::from_number);
    let shutdown = setting("shutdown.timeout");
    let shutdown = shutdown.as_ref().and_then(Json::as_str).and_then(|text| duration::parse(text).ok());
    let shutdown_timeout = shutdown.and_then(|span| u64::try_from(span).ok()).filter(|span| *span > 0);
    let shutdown_timeout = shutdown_timeout.map_or(Duration::from_secs(30), Duration::from_nanos);
    let to_events = command.events || setting("logmanager.stream_to_events") == Some(Json::Bool(true));
    Ok(Config { mode, min_level, to_events, shutdown_timeout, data })
}

/// Nested maps as dotted keys; lists and scalars are leaves.
fn flatten(prefix: &str, value: &Json, leaves: &mut Vec<(String, Json)>) {
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&path, value, leaves);
            }
        }
        Json::Null if prefix.is_empty() => {}
        leaf => leaves.push((prefix.to_owned(), leaf.clone())),
    }
}

/// Removes the entries that the section `disable` names.
fn disable(
    data: &mut BTreeMap<&'static str, Json>,
    application: &'static Application,
    section: &Json,
) -> Result<(), String> {
    let texts = |key: &str| -> Vec<&str> {
        section.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
    };
    let mut entries = Vec::new();
    for pattern in texts("entries") {
        entries.push(pattern.split_once(':').ok_or_else(|| {
            format!("invalid entry pattern '{pattern}': missing ':' separator (expected namespace:name)")
        })?);
    }
    let namespaces = texts("namespaces");
    for entry in application.entries {
        let (namespace, name) = entry.id.split_once(':').unwrap_or(("", entry.id));
        let meta: Json = serde_json::from_str(entry.meta).unwrap_or_default();
        let by_meta =
            section.get("meta").and_then(Json::as_object).into_iter().flatten().any(|(key, values)| {
                let values = values.as_array();
                meta.get(key).is_some_and(|own| values.is_some_and(|values| values.contains(own)))
            });
        let is_disabled = by_meta
            || namespaces.iter().any(|pattern| matches(pattern, namespace))
            || entries.iter().any(|(space, own)| matches(space, namespace) && matches(own, name));
        if is_disabled {
            data.remove(entry.id);
        }
    }
    Ok(())
}

/// Dot-segmented patterns: `*` one segment, `**` any number, `(a|b)` alternatives.
fn matches(pattern: &str, text: &str) -> bool {
    fn walk(pattern: &[&str], text: &[&str]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((&"**", rest)) => {
                (0..=text.len()).any(|skip| walk(rest, text.get(skip..).unwrap_or_default()))
            }
            Some((segment, rest)) => text.split_first().is_some_and(|(first, others)| {
                let alternatives = segment.strip_prefix('(').and_then(|segment| segment.strip_suffix(')'));
                let fits = match alternatives {
                    Some(alternatives) => alternatives.split('|').any(|one| one == *first),
                    None => *segment == "*" || segment == first,
                };
                fits && walk(rest, others)
            }),
        }
    }
    let (pattern, text): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), text.split('.').collect());
    walk(&pattern, &text)
}

fn read_file(path: &str) -> Result<Json, String> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Json::Object(Map::new())) };
    let file: Json = serde_yaml::from_str(&text).map_err(|error| format!("failed to parse YAML: {error}"))?;
    let sections = file.as_object().into_iter().flatten().filter(|(key, _)| *key != "version");
    for (key, section) in sections {
        if !section.is_object() && !section.is_null() {
            return Err(format!("failed to parse YAML: section {key} must be a mapping"));
        }
    }
    match file.get("version") {
        None => Err("missing version field".to_owned()),
        Some(version) if version.as_str() == Some("1.0") => Ok(file),
        Some(version) => Err(format!("unsupported version: {}", version.to_string().trim_matches('"'))),
    }
}

/// A value from the command line: bool, integer that prints back the same, float, else text.
fn convert(text: &str) -> Json {
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        return Json::Bool(text.eq_ignore_ascii_case("true"));
    }
    if let Ok(integer) = text.parse::<i64>()
        && integer.to_string() == text
    {
        return integer.into();
    }
    let looks_like_float = text.contains(['.', 'e', 'E']);
    text.parse::<f64>().ok().filter(|_| looks_like_float).map_or_else(|| text.into(), Json::from)
}

fn apply(data: &mut BTreeMap<&'static str, Json>, key: &str, value: Json) -> Result<(), String> {
    let mut parts = key.splitn(3, ':');
    let (Some(namespace), Some(name), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
        let expected = "expected namespace:entry:path";
        return Err(format!("invalid key {key}: missing first ':' separator ({expected})"));
    };
    let id = format!("{namespace}:{name}");
    let Some(entry) = data.get_mut(id.as_str()) else { return Err(format!("no entry found for {id}")) };
    let path = path.strip_prefix("data.").unwrap_or(path);
    let first = path.split('.').next().unwrap_or_default();
    if COMPILED.contains(&first) {
        return Err(format!("failed to set {id} at {path}: {first} is compiled into this program"));
    }
    if path.starts_with("meta.") {
        return Ok(());
    }
    let mut place = entry;
    for key in path.split('.') {
        if !place.is_object() {
            *place = Json::Object(Map::new());
        }
        let Json::Object(map) = place else { return Ok(()) };
        place = map.entry(key).or_insert(Json::Null);
    }
    *place = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_command_line_convert_only_when_they_print_back() {
        for (text, value) in [
            ("true", Json::Bool(true)),
            ("7", 7.into()),
            ("007", "007".into()),
            ("1.5", 1.5.into()),
            ("abc", "abc".into()),
        ] {
            assert_eq!(convert(text), value);
        }
    }

    #[test]
    fn patterns_are_segmented_by_dots() {
        for (pattern, text, fits) in [
            ("app", "app", true),
            ("app.*", "app.users", true),
            ("app.*", "app", false),
            ("app.**", "app", true),
            ("**.test", "a.b.test", true),
            ("(a|b).c", "b.c", true),
            ("(a|b).c", "c.c", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn overrides_of_the_file_are_flattened() {
        let mut leaves = Vec::new();
        flatten(
            "",
            &serde_json::json!({"app:a:lifecycle": {"auto_start": false, "requires": ["b"]}}),
            &mut leaves,
        );
        assert_eq!(
            leaves,
            [
                ("app:a:lifecycle.auto_start".to_owned(), false.into()),
                ("app:a:lifecycle.requires".to_owned(), serde_json::json!(["b"]))
            ]
        );
    }

    #[test]
    fn overrides_make_maps_and_refuse_what_is_compiled() {
        let mut data = BTreeMap::from([("app:a", serde_json::json!({"lifecycle": 1}))]);
        apply(&mut data, "app:a:lifecycle.auto_start", false.into()).unwrap();
        assert_eq!(data["app:a"], serde_json::json!({"lifecycle": {"auto_start": false}}));
        assert_eq!(apply(&mut data, "app:b:x", Json::Null), Err("no entry found for app:b".to_owned()));
        assert!(apply(&mut data, "app:a:method", Json::Null).unwrap_err().contains("compiled into"));
    }
}
