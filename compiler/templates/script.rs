//! The script `{{ name }}`, compiled. Written by `{{ command }}`.

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

#[rustfmt::skip]
mod {{ main }};
{%- for (module, _) in modules %}
#[rustfmt::skip]
mod {{ module }};
{%- endfor %}

use moonwright_runtime::rt::{BrokenModule, Script, ScriptModule};

#[rustfmt::skip]
static SCRIPT: Script = Script {
    path: {{ path }},
    chunk: &{{ main }}::MAIN_CHUNK,
    modules: &[
{%- for (module, path) in modules %}
        ScriptModule { path: {{ path }}, chunk: &{{ module }}::MAIN_CHUNK },
{%- endfor %}
    ],
    broken: &[
{%- for (path, message) in broken %}
        BrokenModule { path: {{ path }}, message: {{ message }} },
{%- endfor %}
    ],
};

fn main() -> std::process::ExitCode {
    moonwright_runtime::script_main(&SCRIPT)
}
