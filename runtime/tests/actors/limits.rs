//! The contract's "Limits": memory, and library functions that take long.

use std::time::{Duration, Instant};

use moonwright_runtime::ops::compare;
use moonwright_runtime::stdlib::{json, string, table};

use crate::kit::*;
use crate::program;

const SMALL: (&str, &str, &str) = ("app:small", "process.host", r#"{"host":{"max_memory":"8MB"}}"#);

program!(hoards_tables, |cx, args| {
    let all = new_table(cx);
    for at in 1.. {
        cx.spend()?;
        let item = new_table(cx);
        set_index(cx, &item, s!("at"), Value::int(at))?;
        set_index(cx, &all, Value::int(at), item)?;
    }
    nothing(cx)
});

program!(doubles_a_text, |cx, args| {
    let mut text = s!("0123456789");
    loop {
        cx.spend()?;
        text = moonwright_runtime::ops::concat::concat(cx, &[text.clone(), text])?;
    }
});

program!(repeats_a_text, |cx, args| {
    let text = string::rep(cx, &[s!("x"), Value::int(1 << 30)])?;
    Ok(Multi::one(cx, text))
});

program!(hoards_messages, |cx, args| {
    let inbox = process::inbox(cx, &[]).await?;
    let all = new_table(cx);
    for at in 1.. {
        let [message, _] = receive(cx, &inbox).await?;
        set_index(cx, &all, Value::int(at), data(cx, &message).await?)?;
    }
    nothing(cx)
});

#[test]
fn memory_beyond_the_limit_ends_the_process() {
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        for entry in ["app:hoards_tables", "app:doubles_a_text", "app:repeats_a_text", "app:hoards_messages"]
        {
            let child = process::spawn_monitored(cx, &[Value::string(entry), s!("app:small")]).await?.first();
            if entry == "app:hoards_messages" {
                let text = string::rep(cx, &[s!("y"), Value::int(600)])?;
                while process::send(cx, &mut [child.clone(), s!("t"), text.clone()]).await?.first().truthy() {
                }
            }
            let [event, _] = receive(cx, &events).await?;
            let error = get(&get(&event, "result"), "error");
            assert_eq!(text(&error), "host limit reached: max_memory = 8MB", "{entry}");
            assert_eq!(kind(&error), "LimitExceeded");
        }
        nothing(cx)
    });
    let programs = [
        ("app:main", main as Main),
        ("app:hoards_tables", hoards_tables),
        ("app:doubles_a_text", doubles_a_text),
        ("app:repeats_a_text", repeats_a_text),
        ("app:hoards_messages", hoards_messages),
    ];
    let exit = exit_in(&system_with(&programs, &[SMALL]), "app:main");
    assert!(exit.is_ok(), "{exit:?}");
}

#[test]
fn garbage_and_texts_that_travel_do_not_count() {
    // Each half of the pair sends on a text of a megabyte, and makes cycles.
    program!(pong, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        for _ in 0..100 {
            let [message, _] = receive(cx, &inbox).await?;
            let from = method(cx, &message, "from", &[]).await?.first();
            let text = data(cx, &message).await?;
            for _ in 0..2000 {
                let (a, b) = (new_table(cx), new_table(cx));
                set_index(cx, &a, s!("other"), b.clone())?;
                set_index(cx, &b, s!("other"), a)?;
            }
            process::send(cx, &mut [from, s!("pong"), text]).await?;
        }
        nothing(cx)
    });
    program!(main, |cx, args| {
        let (inbox, events) = (process::inbox(cx, &[]).await?, process::events(cx, &[]).await?);
        let child = process::spawn_monitored(cx, &[s!("app:pong"), s!("app:small")]).await?.first();
        let mut text_there = string::rep(cx, &[s!("x"), Value::int(1 << 20)])?;
        for _ in 0..100 {
            process::send(cx, &mut [child.clone(), s!("ping"), text_there]).await?;
            let [message, _] = receive(cx, &inbox).await?;
            text_there = data(cx, &message).await?;
        }
        let [event, _] = receive(cx, &events).await?;
        let error = get(&get(&event, "result"), "error");
        assert!(error.is_nil(), "{}", text(&error));
        nothing(cx)
    });
    let system = system_with(&[("app:main", main), ("app:pong", pong)], &[SMALL]);
    assert!(exit_in(&system, "app:main").is_ok());
}

// Library functions that would take many seconds.
program!(searches, |cx, args| {
    let text = string::rep(cx, &[s!("a"), Value::int(200_000)])?;
    string::find(cx, &[text, s!(".-.-.-b")])?;
    nothing(cx)
});

program!(sorts, |cx, args| {
    let items = new_table(cx);
    for at in 0..300_000i32 {
        cx.spend()?;
        set_index(cx, &items, Value::int(i64::from(at) + 1), Value::float(f64::from(at ^ 0x2_aaaa)))?;
    }
    loop {
        cx.spend()?;
        table::sort(cx, &[items.clone()])?;
    }
});

program!(encodes, |cx, args| {
    let items = new_table(cx);
    for at in 0..200_000i64 {
        cx.spend()?;
        set_index(cx, &items, Value::int(at + 1), Value::int(at))?;
    }
    loop {
        cx.spend()?;
        json::encode(cx, &[items.clone()])?;
    }
});

// Calls of some milliseconds that spend nothing: no budget would be used up for a minute.
program!(compares, |cx, args| {
    let one = string::rep(cx, &[s!("a"), Value::int(20_000_000)])?;
    let other = string::rep(cx, &[s!("a"), Value::int(20_000_000)])?;
    loop {
        cx.spend()?;
        assert!(compare::eq(cx, &one, &other)?);
    }
});

/// More such processes than workers: the budget follows the time.
#[test]
fn calls_that_take_long_and_spend_nothing_hold_up_nobody() {
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let mut children = Vec::new();
        for _ in 0..4 {
            children.push(spawn_monitored(cx, "app:compares", &[]).await?[0].clone());
        }
        let begun = Instant::now();
        for _ in 0..20 {
            time::sleep(cx, &[s!("10ms")]).await?;
        }
        for child in &children {
            assert!(process::terminate(cx, &[child.clone()]).await?.first().truthy());
        }
        for _ in &children {
            let [event, _] = receive(cx, &events).await?;
            assert_eq!(text(&get(&get(&event, "result"), "error")), "process terminated");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        nothing(cx)
    });
    let exit = exit_in(&system(&[("app:main", main as Main), ("app:compares", compares)]), "app:main");
    assert!(exit.is_ok(), "{exit:?}");
}

#[test]
fn long_library_calls_hold_up_nobody_and_can_be_ended() {
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let mut children = Vec::new();
        for entry in ["app:searches", "app:sorts", "app:encodes"] {
            children.push(spawn_monitored(cx, entry, &[]).await?[0].clone());
        }
        let mut worst = Duration::ZERO;
        for _ in 0..60 {
            let begun = Instant::now();
            time::sleep(cx, &[s!("10ms")]).await?;
            worst = worst.max(begun.elapsed() - Duration::from_millis(10));
        }
        // A search would take minutes; what else the machine does takes its time too.
        assert!(worst < Duration::from_secs(5), "{worst:?}");
        for child in &children {
            assert!(process::terminate(cx, &[child.clone()]).await?.first().truthy());
        }
        let begun = Instant::now();
        for _ in &children {
            let [event, _] = receive(cx, &events).await?;
            assert_eq!(text(&get(&get(&event, "result"), "error")), "process terminated");
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        nothing(cx)
    });
    let programs = [
        ("app:main", main as Main),
        ("app:searches", searches),
        ("app:sorts", sorts),
        ("app:encodes", encodes),
    ];
    let exit = exit_in(&system(&programs), "app:main");
    assert!(exit.is_ok(), "{exit:?}");
}
