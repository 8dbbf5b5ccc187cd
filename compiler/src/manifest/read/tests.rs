//! The two readers of YAML against each other, and the places they give.

use std::path::Path;

use serde::Deserialize as _;

use serde_yaml::Value as Yaml;

use super::outline::{self, Outline, PartId, Shape};
use crate::manifest::node::{Node, Value};
use crate::source::{SourceFile, Sources, Span};

/// Forms of YAML that manifests are written in.
const TEXTS: [&str; 12] = [
    "a: 'it''s'\nb: \"x\\ny \\u00e9 \\x41\"\nc: plain # comment\n",
    "a: |\n  one\n    two\n\n  three\nb: >-\n  folded\n  text\n\n  more\nc: |2+\n    kept\n\n",
    "a: [1, 'two', {b: c, d}, [], {}]\nb: { x: 1,\n  y: [2,\n 3] }\n",
    "- a\n- - b\n  - c\n-\n  d: e\n- ? f\n  : g\n",
    "a: &x { k: v }\nb: *x\nc: { <<: *x, l: w }\nd: &s text\n*s : key\n",
    "a: !!str 12\nb: !mine { c: !other [d] }\ne: !!int '5'\n",
    "key with blanks: value:with colon\nurl: http://x.y/z?a=b#c\n",
    "a: plain\n  on two\n\n  lines\nb: \"quoted\n  on two\\\n  lines\"\n",
    "a: ~\nb:\nc: null\nd: true\ne: 0x1f\nf: 1.5\ng: -3\nh: .inf\n",
    "%YAML 1.2\n---\na: 1\n...\n---\nb: 2\n",
    "é: ü\n日本: [語]\n\u{1f600}: |\n  \u{1f600}\n",
    "a:\r\n  - b\r\n  - |\r\n    c\r\n    d\r\n",
];

fn corpus() -> Vec<String> {
    let mut corpus: Vec<String> = TEXTS.map(str::to_owned).into();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifest")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.ends_with("ambiguous") {
                // The case where they do not agree.
                continue;
            }
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "yaml") {
                corpus.extend(std::fs::read_to_string(entry));
            }
        }
    }
    corpus
}

/// The strings both readers see, in order; the shapes are compared by walking both.
fn compare(outline: &Outline, id: PartId, value: &Yaml, count: &mut usize) {
    *count += 1;
    match (&outline.part(id).shape, value) {
        (shape, Yaml::Tagged(tagged)) => {
            assert!(!matches!(shape, Shape::Alias(_)));
            compare(outline, id, &tagged.value, count);
        }
        (Shape::Scalar(scalar), Yaml::String(text)) => assert_eq!(scalar.text, *text),
        (Shape::Scalar(scalar), Yaml::Null) => assert!(["", "~", "null"].contains(&scalar.text.as_str())),
        (Shape::Scalar(_), Yaml::Bool(_) | Yaml::Number(_)) => {}
        (Shape::List(parts), Yaml::Sequence(values)) => {
            assert_eq!(parts.len(), values.len());
            parts.iter().zip(values).for_each(|(part, value)| compare(outline, *part, value, count));
        }
        (Shape::Map(pairs), Yaml::Mapping(values)) => {
            assert_eq!(pairs.len(), values.len());
            for ((key, part), (name, value)) in pairs.iter().zip(values) {
                compare(outline, *key, name, count);
                compare(outline, *part, value, count);
            }
        }
        (_, value) => panic!("not the same shape: {value:?}"),
    }
}

#[test]
fn both_readers_agree_on_everything_they_accept() {
    let mut count = 0;
    for text in corpus() {
        let file = Sources::default().add(SourceFile::new("a.yaml", ""));
        let outline = outline::read(file, &text);
        let value = serde_yaml::Deserializer::from_str(&text).next().map(Yaml::deserialize);
        if let (Ok(Outline { root: Some(root), .. }), Some(Ok(value))) = (&outline, &value) {
            compare(outline.as_ref().ok().unwrap(), *root, value, &mut count);
        }
    }
    assert!(count > 1000, "only {count} parts were compared");
}

#[test]
fn the_listed_forms_are_read() {
    for text in TEXTS {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.yaml", text));
        let result = crate::manifest::read::read(file, &sources);
        // Infinity alone has no place in the data.
        assert_eq!(result.is_ok(), !text.contains(".inf"), "{text}");
    }
}

#[test]
fn every_part_points_at_what_was_written() {
    let text = "a: &x 'one' # c\nb: [two , \"th\\\"ree\" ]\nc: !!str 4\né: ü\ng:\n  h: 1\n  i: 2\n";
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("a.yaml", text));
    let node = crate::manifest::read::read(file, &sources).unwrap().unwrap();
    let mut found = Vec::new();
    places(&node, text, &mut found);
    assert_eq!(
        found,
        [
            "a",
            "'one'",
            "b",
            "two",
            "\"th\\\"ree\"",
            "[two , \"th\\\"ree\" ]",
            "c",
            "4",
            "é",
            "ü",
            "g",
            "h",
            "1",
            "i",
            "2",
            "h",
            "a"
        ]
    );
}

fn places<'a>(node: &Node, text: &'a str, found: &mut Vec<&'a str>) {
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| places(item, text, found)),
        Value::Map(fields) => {
            for field in fields {
                found.push(slice(field.key_span));
                places(&field.node, text, found);
            }
        }
        _ => {}
    }
    found.push(slice(node.span));
}
