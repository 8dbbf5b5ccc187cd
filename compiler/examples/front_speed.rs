//! How long parse, resolve and the checks take: `cargo run --release -p moonwright-compiler --example front_speed`.
//!
//! Generates a typed Lua program of ten thousand lines and chains as long as the parser lets through.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Instant;

use moonwright_compiler::analyze::check::check;
use moonwright_compiler::analyze::{World, WorldUnit};
use moonwright_compiler::deep::with_deep_stack;
use moonwright_compiler::source::{SourceFile, Sources};
use moonwright_compiler::{parse, resolve};

fn main() {
    with_deep_stack(all);
}

fn all() {
    measure("business code, 10,000 lines", &business_code(10_000));
    measure("a + a + ..., 11,900 operands", &chain("a", " + ", 11_900));
    measure("a .. a .. ..., 11,900 operands", &chain("a", " .. ", 11_900));
    measure("a ^ a ^ ..., 11,900 operands", &chain("a", " ^ ", 11_900));
    measure("not not ..., 5,900", &format!("return {}a", "not ".repeat(5_900)));
    measure("a.b.b..., 11,900", &format!("return a{}", ".b".repeat(11_900)));
    measure("f()()()..., 11,900", &format!("return f{}", "()".repeat(11_900)));
    measure("{1, 1, ...}, 100,000 items", &format!("return {{{}}}", "1, ".repeat(100_000)));
    measure("one line of 20,000 statements", &"x = f(1) ".repeat(20_000));
    measure("199 nested functions", &format!("{}{}", "local function f() ".repeat(199), "end ".repeat(199)));
    measure("199 nested tables", &format!("return {}{}", "{".repeat(199), "}".repeat(199)));
    measure("5,000 gotos forward", &gotos(5_000));
    measure("20,000 locals, all captured", &captures(20_000));
}

fn measure(what: &str, text: &str) {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("speed.lua", text));
    let start = Instant::now();
    let (chunk, faults) = parse::parse(file, &sources);
    let parsed = start.elapsed();
    let Some(chunk) = chunk else {
        println!("{what}: refused, {:?}", faults.first().map(|fault| &fault.title));
        return;
    };
    let (unit, _) = resolve::resolve("app:speed", &chunk, file, &sources, resolve::Mode::Application);
    let resolved = start.elapsed() - parsed;
    drop(chunk);
    let dropped = start.elapsed() - parsed - resolved;
    let expressions = unit.exprs.len();
    let mut world = World::new();
    world.push(WorldUnit {
        unit,
        modules: BTreeSet::new(),
        imports: Vec::new(),
        method: None,
        is_body: false,
        script: None,
    });
    let before = Instant::now();
    check(&world, &[]);
    let checked = before.elapsed();
    let [parsed, resolved, dropped, checked] =
        [parsed, resolved, dropped, checked].map(|time| format!("{:.1} ms", time.as_secs_f64() * 1e3));
    println!(
        "{what}: parse {parsed}, resolve {resolved}, drop {dropped}, check {checked}; {expressions} expressions"
    );
}

fn chain(operand: &str, operator: &str, count: usize) -> String {
    format!("return {}", vec![operand; count].join(operator))
}

fn gotos(count: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let _ = writeln!(text, "do goto l{at} end");
    }
    for at in 0..count {
        let _ = writeln!(text, "::l{at}::");
    }
    text
}

fn captures(count: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let _ = writeln!(text, "local v{at} = {at}");
    }
    text.push_str("return function() return function() return ");
    for at in 0..count {
        let _ = write!(text, "v{at}, ");
    }
    text.push_str("nil end end");
    text
}

/// Functions of ordinary shape, twenty lines each.
fn business_code(lines: usize) -> String {
    let mut text = String::from(
        "local errors = require(\"errors\")\nlocal M = {}\n\ntype Item = { id: string, count: number, tags: {string} }\n",
    );
    let mut at = 0;
    while text.lines().count() < lines && at < lines {
        let _ = write!(
            text,
            r#"
--- Handles one request of kind {at}.
function M.handle_{at}(state: State, request: {{ id: string, items: {{Item}} }}): (Item?, error?)
    local total, seen = 0, {{}}
    for index, item in ipairs(request.items) do
        if not item.id or item.id == "" then
            return nil, errors.new({{ kind = errors.INVALID, message = "item " .. index .. " has no id" }})
        elseif seen[item.id] then
            goto continue
        end
        seen[item.id] = true
        total = total + item.count * (state.factor or 1) - #item.tags
        ::continue::
    end
    local result = {{ id = request.id, count = math.floor(total / 2 + 0.5), tags = {{ "a", "b", state.tag }} }}
    state.log:info("handled", {{ id = result.id, total = total }})
    if total > 100 and state.limit ~= nil then
        result.count = (state.limit as number) - {at}
    end
    return result, nil
end
"#
        );
        at += 1;
    }
    text.push_str("return M\n");
    text
}
