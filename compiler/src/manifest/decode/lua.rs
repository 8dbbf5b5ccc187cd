//! The Lua kinds: text, method, modules and imports.

use std::collections::BTreeMap;

use super::fields::{Fields, id};
use crate::diagnostics::{Diagnostic, suggest};
use crate::input::Input;
use crate::manifest::discover::full_path;
use crate::manifest::model::{Import, Kind, LuaEntry};
use crate::manifest::modules;
use crate::manifest::node::{Field, Node, TextOrigin, Value};
use crate::manifest::read::pairs;
use crate::source::{FileId, Origin, SourceFile, Sources, Span};

/// The Lua files of the application: one that several entries share is one source.
pub struct LuaFiles<'a> {
    input: &'a Input,
    known: BTreeMap<(usize, String), FileId>,
}

/// Reads the fields of a Lua kind. `None` if there is no text, which is reported.
pub fn decode(
    fields: &mut Fields<'_>,
    kind: Kind,
    files: &mut LuaFiles<'_>,
    sources: &mut Sources,
) -> Option<LuaEntry> {
    let file = source(fields, files, sources);
    let method = fields.text("method");
    let method_span = method.as_ref().map_or(fields.span, |(_, span)| *span);
    let method = method.map(|(method, _)| method);
    let method = match kind {
        Kind::LibraryLua => None,
        Kind::FunctionLua => {
            let is_absent = fields.get("method").is_none_or(|field| field.node.as_text() == Some(""));
            if method.is_none() && is_absent {
                fields.required("method", "Name the function of the returned table to call: `method: run`.");
            }
            method
        }
        _ => Some(method.unwrap_or_else(|| "main".to_owned())),
    };
    let mut modules = modules(fields);
    let imports = imports(fields, &mut modules);
    Some(LuaEntry { file: file?, method, method_span, modules, imports })
}

/// The Lua text; it leaves the entry's data.
fn source(fields: &mut Fields<'_>, files: &mut LuaFiles<'_>, sources: &mut Sources) -> Option<FileId> {
    let hint = "Name the file: `source: file://name.lua`.";
    let Some(field) = fields.take("source") else {
        fields.required("source", hint);
        return None;
    };
    let Value::Text(text) = &field.node.value else {
        fields.wrong(&field, "text");
        return None;
    };
    if text.origin == TextOrigin::Missing {
        return None;
    }
    if text.text.is_empty() {
        let fault = Diagnostic::error("M0030", Some(field.node.span), "source is required");
        let fault = fault.label("this text is empty");
        fields.report(
            fault.explain("There is no Lua in it, so nothing can be started or imported.").hint(hint),
        );
        return None;
    }
    Some(files.file(&text.text, &text.origin, field.node.span, sources))
}

impl<'a> LuaFiles<'a> {
    pub fn new(input: &'a Input) -> Self {
        Self { input, known: BTreeMap::new() }
    }

    fn file(&mut self, text: &str, origin: &TextOrigin, span: Span, sources: &mut Sources) -> FileId {
        match origin {
            TextOrigin::File { root, path } => {
                let shown =
                    self.input.roots.get(*root).map_or_else(|| path.clone(), |root| full_path(root, path));
                let key = (*root, path.clone());
                *self.known.entry(key).or_insert_with(|| sources.add(SourceFile::new(shown, text)))
            }
            TextOrigin::Here(style) => {
                let manifest = sources.file(span.file);
                let range = span.start as usize..span.end as usize;
                let written = manifest.text.get(range).unwrap_or_default();
                let pairs = pairs(*style, written, text);
                let pairs = pairs.into_iter().map(|(here, there)| (here, span.start + there)).collect();
                let file = SourceFile::new(manifest.path.clone(), text);
                sources.add(file.inside(Origin { whole: span, pairs }))
            }
            TextOrigin::Missing => sources.add(SourceFile::new("", text)),
        }
    }
}

/// The built-in modules that are listed.
fn modules(fields: &mut Fields<'_>) -> Vec<(String, Span)> {
    let Some(field) = fields.get("modules").cloned() else { return Vec::new() };
    let Some(items) = field.node.as_list() else {
        fields.wrong(&field, "a list of module names");
        return Vec::new();
    };
    let mut modules: Vec<(String, Span)> = Vec::new();
    for item in items {
        let Some(name) = item.as_text() else {
            fields.wrong_type("`modules` must hold module names".to_owned(), item, item.span);
            continue;
        };
        let first = modules.iter().find(|(known, _)| known == name).map(|(_, span)| *span);
        if let Some(first) = first {
            fields.report(twice(item.span, first, &format!("module {name}")));
        } else if let Some(fault) = refuse_module(name, item.span) {
            fields.report(fault);
        } else {
            modules.push((name.to_owned(), item.span));
        }
    }
    modules
}

fn refuse_module(name: &str, span: Span) -> Option<Diagnostic> {
    let malformed = |title: &str, explanation: &str, hint: &str| {
        let fault = Diagnostic::error("M0055", Some(span), title).label("this name");
        Some(fault.explain(explanation).hint(hint))
    };
    if name.trim().is_empty() {
        return malformed(
            "module cannot be empty",
            "Every item of `modules` names a built-in module.",
            "Remove the item.",
        );
    }
    if name.contains(':') {
        return malformed(
            "module cannot have a namespace",
            "`modules` lists built-in modules; entries of the application are imported.",
            "Move it to `imports`: `alias: namespace:name`.",
        );
    }
    let unknown = || {
        let title = format!("unknown module \"{name}\"");
        Diagnostic::error("M0050", Some(span), title).label("no such module")
    };
    match modules::find(name) {
        Some(module) if module.is_supported => None,
        Some(_) => Some(
            Diagnostic::error("M0051", Some(span), format!("module {name} is not supported yet"))
                .label("known, but not supported")
                .explain("The format has this module, but the runtime of this compiler does not have it yet.")
                .hint("docs/manifest.md lists the modules that are."),
        ),
        None if modules::ALWAYS_PRESENT.contains(&name) => Some(
            unknown()
                .explain(format!("`{name}` is part of the language: it is always there and is no module."))
                .hint("Remove it from the list."),
        ),
        None => {
            let fault = unknown().explain("There is no built-in module of this name.");
            let near = suggest(name, modules::all().map(|module| module.name));
            Some(match near {
                Some(near) => fault.hint(format!("Did you mean `{near}`?")),
                None => fault.hint("Code of the application is not listed here but imported: `imports: { alias: namespace:name }`."),
            })
        }
    }
}

fn twice(second: Span, first: Span, what: &str) -> Diagnostic {
    Diagnostic::error("M0052", Some(second), format!("{what} is listed twice"))
        .label("the second time")
        .related(first, "the first time")
        .explain("An entry depends on each module and each library once.")
        .hint("Remove one of the two.")
}

/// The libraries that are imported. A bare target means a built-in module, which joins `modules`.
fn imports(fields: &mut Fields<'_>, modules: &mut Vec<(String, Span)>) -> Vec<Import> {
    let Some(field) = fields.get("imports").cloned() else { return Vec::new() };
    let Some(items) = field.node.as_map() else {
        fields.wrong(&field, "a mapping of alias to entry");
        return Vec::new();
    };
    let mut imports: Vec<Import> = Vec::new();
    for item in items {
        let Some(import) = import(fields, item) else { continue };
        let first = imports.iter().find(|known| known.target == import.target).map(|known| known.span);
        if let Some(first) = first {
            fields.report(twice(import.span, first, &format!("import {}", import.target)));
        } else if !import.target.namespace.is_empty() {
            imports.push(import);
        } else if let Some(fault) = bare_import(&import, fields, modules) {
            fields.report(fault);
        }
    }
    imports
}

fn import(fields: &mut Fields<'_>, item: &Field) -> Option<Import> {
    let malformed = |span: Span, title: &str| {
        let fault = Diagnostic::error("M0055", Some(span), title).label("empty");
        let fault =
            fault.explain("An import gives an entry of the application a name: `alias: namespace:name`.");
        fault.hint("Fill it in, or remove the line.")
    };
    if item.key.trim().is_empty() {
        fields.report(malformed(item.key_span, "import alias cannot be empty"));
        return None;
    }
    let is_empty = |node: &Node| node.is_null() || node.as_text().is_some_and(|text| text.trim().is_empty());
    let target = id(&item.node, "");
    let has_name = target.as_ref().is_none_or(|target| !target.name.is_empty());
    if is_empty(&item.node) || !has_name {
        let span = if item.node.is_null() { item.key_span } else { item.node.span };
        fields.report(malformed(span, &format!("import {} has no target", item.key)));
        return None;
    }
    let Some(target) = target else {
        let title = format!("import {} must be an id such as `app:name`", item.key);
        fields.wrong_type(title, &item.node, item.key_span);
        return None;
    };
    Some(Import { alias: item.key.clone(), alias_span: item.key_span, target, span: item.node.span })
}

/// An import without namespace is looked up among the built-in modules.
fn bare_import(
    import: &Import,
    fields: &Fields<'_>,
    modules: &mut Vec<(String, Span)>,
) -> Option<Diagnostic> {
    let name = &import.target.name;
    let Some(module) = modules::find(name) else {
        let title = format!("import \"{name}\" needs its namespace");
        let fault = Diagnostic::error("M0042", Some(import.span), title)
            .label("a bare name")
            .explain("A bare name is looked up among the built-in modules, and there is none of this name.");
        return Some(fault.hint(format!("Write `{}: {}:{name}`.", import.alias, fields.id.namespace)));
    };
    if !module.is_supported {
        let hint = format!(
            "A library of the application is imported by its id, such as `{}:{name}`.",
            fields.id.namespace
        );
        return refuse_module(name, import.span).map(|fault| fault.hint(hint));
    }
    if import.alias != *name {
        let title = format!("module {name} cannot have the alias {} yet", import.alias);
        return Some(
            Diagnostic::error("M0056", Some(import.span), title)
                .label("a built-in module")
                .explain("This compiler binds built-in modules under their own names only.")
                .hint(format!("List it: `modules: [{name}]`.")),
        );
    }
    if let Some((_, first)) = modules.iter().find(|(known, _)| known == name) {
        return Some(twice(import.span, *first, &format!("module {name}")));
    }
    modules.push((name.clone(), import.span));
    None
}
