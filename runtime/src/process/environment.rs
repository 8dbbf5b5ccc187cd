//! Environment variables as the manifest declares them: where each is kept, under which name a
//! program finds it, and what it may change.

use std::collections::BTreeMap;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use serde_json::Value as Json;

use crate::application::Application;
use crate::sched::sync::{Mutex, lock};

/// Why a variable was not given or changed: kind and text of the error object.
pub type Refused = (&'static str, String);

const MISSING: &str = "environment variable not found";

/// Every storage and variable of an application.
#[derive(Default)]
pub struct Environment {
    storages: BTreeMap<&'static str, Storage>,
    variables: Vec<Variable>,
    /// What is wrong with the entries.
    pub faults: Vec<String>,
}

struct Variable {
    id: &'static str,
    /// Its public name; the id if it has none.
    name: String,
    storage: String,
    default: String,
    is_readonly: bool,
}

/// Where values are kept.
enum Storage {
    /// The environment the program was started with; read-only.
    System,
    Memory(Mutex<BTreeMap<String, String>>),
    /// Values of the manifest; read-only.
    Fixed(BTreeMap<String, String>),
    File(File),
    /// The first of several that knows a name; what is written goes to the first.
    Router(Vec<String>),
}

/// Lines `KEY=VALUE`, read at every access.
struct File {
    path: String,
    auto_create: bool,
    file_mode: u32,
    folder_mode: u32,
    lock: Mutex<()>,
}

impl Environment {
    /// The storages and variables of an application; `data` gives an entry's data, overrides applied.
    pub fn new<'a>(application: &Application, data: impl Fn(&str) -> Option<&'a Json>) -> Environment {
        let mut environment = Environment::default();
        for entry in application.entries {
            if let Some(data) = data(entry.id) {
                environment.add(entry.id, entry.kind, data);
            }
        }
        for variable in &environment.variables {
            if !environment.storages.contains_key(variable.storage.as_str()) {
                environment.faults.push(format!("{}: referenced storage not found", variable.id));
            }
        }
        environment
    }

    fn add(&mut self, id: &'static str, kind: &str, data: &Json) {
        let text = |key: &str| data.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let flag = |key: &str| data.get(key).and_then(Json::as_bool).unwrap_or(false);
        let mode = |key: &str, default| {
            data.get(key).and_then(Json::as_u64).and_then(|mode| u32::try_from(mode).ok()).unwrap_or(default)
        };
        let storage = match kind {
            "env.storage.os" => Storage::System,
            "env.storage.memory" => Storage::Memory(Mutex::default()),
            "env.storage.static" => {
                let values = data.get("values").and_then(Json::as_object).into_iter().flatten();
                Storage::Fixed(values.map(|(key, value)| (key.clone(), plain(value))).collect())
            }
            "env.storage.file" => Storage::File(File {
                path: text("file_path"),
                auto_create: flag("auto_create"),
                file_mode: mode("file_mode", 0o644),
                folder_mode: mode("dir_mode", 0o755),
                lock: Mutex::default(),
            }),
            "env.storage.router" => {
                let ids = data.get("storages").and_then(Json::as_array).into_iter().flatten();
                Storage::Router(ids.filter_map(Json::as_str).map(str::to_owned).collect())
            }
            "env.variable" => {
                let name = Some(text("variable")).filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| id.to_owned());
                if self.variables.iter().any(|known| known.name == name) {
                    self.faults.push(format!("{id}: variable name already exists: {name}"));
                    return;
                }
                let default = data.get("default").map(plain).unwrap_or_default();
                let is_readonly = flag("readonly");
                self.variables.push(Variable { id, name, storage: text("storage"), default, is_readonly });
                return;
            }
            _ => return,
        };
        self.storages.insert(id, storage);
    }

    /// The variable that `key` means to an entry of `namespace`.
    fn find(&self, key: &str, namespace: &str) -> Option<&Variable> {
        let by_name = self.variables.iter().find(|variable| variable.name == key);
        by_name.or_else(|| {
            let id = if key.contains(':') { key.to_owned() } else { format!("{namespace}:{key}") };
            self.variables.iter().find(|variable| variable.id == id)
        })
    }

    /// The value of a variable; an empty one counts as unset.
    ///
    /// # Errors
    /// There is no such variable, or it has no value.
    pub fn get(&self, key: &str, namespace: &str) -> Result<String, Refused> {
        let variable = self.find(key, namespace).ok_or(("NotFound", MISSING.to_owned()))?;
        self.value(variable).ok_or(("NotFound", MISSING.to_owned()))
    }

    fn value(&self, variable: &Variable) -> Option<String> {
        let stored = self.read(&variable.storage, &variable.name, 0).filter(|value| !value.is_empty());
        stored.or_else(|| Some(variable.default.clone())).filter(|value| !value.is_empty())
    }

    fn read(&self, storage: &str, name: &str, depth: usize) -> Option<String> {
        match self.storages.get(storage)? {
            Storage::System => std::env::var(name).ok(),
            Storage::Memory(values) => lock(values).get(name).cloned(),
            Storage::Fixed(values) => values.get(name).cloned(),
            Storage::File(file) => file.read().remove(name),
            // Routers that lead to each other lead nowhere.
            Storage::Router(_) if depth > self.storages.len() => None,
            Storage::Router(storages) => storages.iter().find_map(|id| self.read(id, name, depth + 1)),
        }
    }

    /// Changes a variable.
    ///
    /// # Errors
    /// There is no such variable, it or its storage is read-only, or a file cannot be written or would not
    /// give the value back as it is.
    pub fn set(&self, key: &str, namespace: &str, value: &str) -> Result<(), Refused> {
        let variable = self.find(key, namespace).ok_or(("NotFound", MISSING.to_owned()))?;
        if variable.is_readonly {
            return Err(("PermissionDenied", "environment variable is read-only".to_owned()));
        }
        self.write(&variable.storage, &variable.name, value, 0)
    }

    fn write(&self, storage: &str, name: &str, value: &str, depth: usize) -> Result<(), Refused> {
        match self.storages.get(storage) {
            Some(Storage::Memory(values)) => {
                lock(values).insert(name.to_owned(), value.to_owned());
                Ok(())
            }
            Some(Storage::File(_)) if !fits_a_line(name, value) => {
                let message = "a file keeps no line breaks, and no blanks at the ends of a value";
                Err(("Invalid", message.to_owned()))
            }
            Some(Storage::File(file)) => {
                file.write(name, value).map_err(|error| ("Internal", error.to_string()))
            }
            Some(Storage::Router(storages)) if depth <= self.storages.len() => match storages.first() {
                Some(first) => self.write(first, name, value, depth + 1),
                None => Err(("NotFound", MISSING.to_owned())),
            },
            Some(Storage::System | Storage::Fixed(_)) => {
                Err(("PermissionDenied", "storage is read-only".to_owned()))
            }
            Some(Storage::Router(_)) | None => Err(("NotFound", MISSING.to_owned())),
        }
    }

    /// Every variable that has a value, by its name.
    pub fn all(&self) -> BTreeMap<String, String> {
        let known = |variable: &Variable| Some((variable.name.clone(), self.value(variable)?));
        self.variables.iter().filter_map(known).collect()
    }
}

/// A value of the manifest as text.
fn plain(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

impl File {
    /// The variables in the file; none if it cannot be read.
    fn read(&self) -> BTreeMap<String, String> {
        let _guard = lock(&self.lock);
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        text.lines().filter_map(pair).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    /// Writes one variable, all other lines as they were.
    fn write(&self, name: &str, value: &str) -> std::io::Result<()> {
        let _guard = lock(&self.lock);
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && self.auto_create => {
                let folder = std::path::Path::new(&self.path).parent();
                if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::DirBuilder::new().recursive(true).mode(self.folder_mode).create(folder)?;
                }
                String::new()
            }
            Err(error) => return Err(error),
        };
        let line = format!("{name}={value}");
        let mut lines: Vec<&str> = text.lines().collect();
        match lines.iter_mut().find(|line| pair(line).is_some_and(|(key, _)| key == name)) {
            Some(old) => *old = &line,
            None => lines.push(&line),
        }
        let text = lines.join("\n") + "\n";
        let mut options = std::fs::OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(self.file_mode).open(&self.path)?;
        std::io::Write::write_all(&mut file, text.as_bytes())
    }
}

/// Whether a file gives the value back as it is.
fn fits_a_line(name: &str, value: &str) -> bool {
    !value.contains('\n') && pair(&format!("{name}={value}")) == Some((name, value))
}

/// `KEY=VALUE`; nothing for blank lines and comments.
fn pair(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (key, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
    Some((key.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::Entry;

    fn environment(entries: &[(&'static str, &'static str, Json)]) -> Environment {
        let list =
            entries.iter().map(|(id, kind, _)| Entry { id, kind, meta: "{}", data: "{}", program: None });
        let list: &'static [Entry] = Vec::leak(list.collect());
        let application = Application { name: "demo", version: "1", entries: list };
        let data = |id: &str| entries.iter().find(|(own, ..)| *own == id).map(|(_, _, data)| data);
        Environment::new(&application, data)
    }

    #[test]
    fn variables_are_found_by_name_by_id_and_in_their_namespace() {
        let environment = environment(&[
            ("app:kept", "env.storage.memory", serde_json::json!({})),
            (
                "app:fixed",
                "env.storage.static",
                serde_json::json!({"values": {"REGION": "eu", "PORT": 8080}}),
            ),
            ("app:both", "env.storage.router", serde_json::json!({"storages": ["app:kept", "app:fixed"]})),
            ("app:region", "env.variable", serde_json::json!({"variable": "REGION", "storage": "app:both"})),
            (
                "app:port",
                "env.variable",
                serde_json::json!({"variable": "PORT", "storage": "app:fixed", "readonly": true}),
            ),
            ("app:limit", "env.variable", serde_json::json!({"storage": "app:kept", "default": "3"})),
            ("app:unset", "env.variable", serde_json::json!({"variable": "UNSET", "storage": "app:kept"})),
        ]);
        assert!(environment.faults.is_empty());
        let get = |key: &str| environment.get(key, "app");
        assert_eq!(get("REGION").as_deref(), Ok("eu"));
        assert_eq!(get("region").as_deref(), Ok("eu"));
        assert_eq!(get("PORT").as_deref(), Ok("8080"));
        assert_eq!(get("limit").as_deref(), Ok("3"));
        assert_eq!(environment.get("app:limit", "other").as_deref(), Ok("3"));
        for key in ["UNSET", "limits", "HOME"] {
            assert_eq!(get(key), Err(("NotFound", MISSING.to_owned())), "{key}");
        }
        environment.set("REGION", "app", "us").unwrap();
        assert_eq!(get("app:region").as_deref(), Ok("us"));
        environment.set("REGION", "app", "").unwrap();
        assert!(get("REGION").is_err(), "the first storage knows the name, although nothing is in it");
        let refused = |key, text: &str| {
            assert_eq!(environment.set(key, "app", "1"), Err(("PermissionDenied", text.to_owned())));
        };
        refused("PORT", "environment variable is read-only");
        assert_eq!(environment.all().into_keys().collect::<Vec<_>>(), ["PORT", "app:limit"]);
    }

    #[test]
    fn faults_of_entries_are_named() {
        let variable = serde_json::json!({"variable": "A", "storage": "app:gone"});
        let environment =
            environment(&[("app:a", "env.variable", variable.clone()), ("app:b", "env.variable", variable)]);
        let expected = ["app:b: variable name already exists: A", "app:a: referenced storage not found"];
        assert_eq!(environment.faults, expected);
    }

    #[test]
    fn a_file_keeps_its_other_lines() {
        let folder = std::env::temp_dir().join(format!("moonwright-env-{}", std::process::id()));
        let path = folder.join("a.env").display().to_string();
        let data = serde_json::json!({"file_path": path, "auto_create": true});
        let environment = environment(&[
            ("app:file", "env.storage.file", data),
            ("app:x", "env.variable", serde_json::json!({"variable": "X", "storage": "app:file"})),
            ("app:y", "env.variable", serde_json::json!({"variable": "Y", "storage": "app:file"})),
        ]);
        environment.set("X", "app", "1").unwrap();
        std::fs::write(&path, "# kept\nX = 1\nZ=3\n").unwrap();
        for value in ["l1\nl2", "l1\r\nl2", " \"q\" ", "\tx", "x\r"] {
            assert_eq!(environment.set("X", "app", value).unwrap_err().0, "Invalid", "{value:?}");
            assert_eq!(environment.get("X", "app").as_deref(), Ok("1"));
        }
        environment.set("X", "app", "\"2 # 2\"").unwrap();
        assert_eq!(environment.get("X", "app").as_deref(), Ok("\"2 # 2\""));
        environment.set("Y", "app", "a=b").unwrap();
        assert_eq!(environment.get("Y", "app").as_deref(), Ok("a=b"));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(text, "# kept\nX=\"2 # 2\"\nZ=3\nY=a=b\n");
    }
}
