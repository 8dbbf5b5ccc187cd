//! The configuration at run time: `.wippy.yaml`, `--set`, and overrides of entries' data.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::application::Application;
use crate::host::cli::Command;
use crate::host::log::{Level, Mode};

/// What the run needs to know.
pub struct Config {
    pub mode: Mode,
    pub min_level: Level,
    /// The data of every entry, overrides applied, by id.
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
    let from_file = file.get("override").and_then(Json::as_object).into_iter().flatten();
    let overrides = from_file
        .map(|(key, value)| (key.clone(), value.clone()))
        .chain(command.overrides.iter().map(|(key, value)| (key.clone(), convert(value))));
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
    let is_quiet = command.silent || (command.execute.is_some() && !command.verbose && !command.console);
    let mode = match setting("logger.encoding").as_ref().and_then(Json::as_str) {
        _ if is_quiet => Mode::Silent,
        _ if command.console => Mode::Console,
        Some("json") => Mode::Json,
        _ => Mode::Text,
    };
    let by_flag = if command.verbose { Level::Debug } else { Level::Info };
    let by_setting = command.settings.iter().rev().find(|(key, _)| key == "logmanager.min_level");
    let min_level = by_setting.and_then(|(_, value)| value.parse().ok()).map_or(by_flag, Level::from_number);
    Ok(Config { mode, min_level, data })
}

fn read_file(path: &str) -> Result<Json, String> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Json::Object(Map::new())) };
    let file: Json = serde_yaml::from_str(&text).map_err(|error| format!("failed to parse YAML: {error}"))?;
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
    fn overrides_make_maps_and_refuse_what_is_compiled() {
        let mut data = BTreeMap::from([("app:a", serde_json::json!({"lifecycle": 1}))]);
        apply(&mut data, "app:a:lifecycle.auto_start", false.into()).unwrap();
        assert_eq!(data["app:a"], serde_json::json!({"lifecycle": {"auto_start": false}}));
        assert_eq!(apply(&mut data, "app:b:x", Json::Null), Err("no entry found for app:b".to_owned()));
        assert!(apply(&mut data, "app:a:method", Json::Null).unwrap_err().contains("compiled into"));
    }
}
