//! The application `{{ name }}`: its entries and its Lua, compiled. Written by `{{ command }}`.

#![allow(
    unused_variables,
    unused_mut,
    unused_assignments,
    unused_labels,
    unused_imports,
    dead_code,
    unreachable_code,
    unconditional_recursion,
    non_snake_case,
    non_upper_case_globals,
    reason = "valid Lua declares what it does not use, writes behind a return, recurses as it likes and spells names its own way"
)]
#![allow(clippy::all, clippy::pedantic, reason = "the code follows the Lua it came from")]
{% for module in modules %}
#[rustfmt::skip]
mod {{ module }};
{%- endfor %}

use moonwright_runtime::rt::{Application, ApplicationEntry, Program};

#[rustfmt::skip]
static APPLICATION: Application = Application {
    name: {{ name_literal }},
    version: env!("CARGO_PKG_VERSION"),
    entries: &[
{%- for entry in entries %}
        ApplicationEntry {
            id: {{ entry.id }},
            kind: {{ entry.kind }},
            meta: {{ entry.meta }},
            data: {{ entry.data }},
{%- if let Some(program) = entry.program %}
            program: Some({{ program }}),
{%- else %}
            program: None,
{%- endif %}
        },
{%- endfor %}
    ],
};

fn main() -> std::process::ExitCode {
    moonwright_runtime::main(&APPLICATION)
}
