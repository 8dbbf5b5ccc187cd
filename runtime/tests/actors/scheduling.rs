//! Fairness, hosts with few workers, simulation, storms.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use moonwright_runtime::process::system::System;

use crate::kit::*;
use crate::program;

program!(busy, |cx, args| {
    loop {
        cx.spend()?;
    }
});

// As busy inside of a `pcall`, which must not save it.
program!(protected, |cx, args| {
    let body = crate::function!(|cx, args| {
        loop {
            cx.spend()?;
        }
    });
    loop {
        base::pcall(cx, &[body.clone()]).await?;
    }
});

// As busy, in library functions that take long.
program!(loud, |cx, args| {
    let text = Value::string("x".repeat(1_000_000));
    loop {
        cx.spend()?;
        moonwright_runtime::rt::string::upper(cx, &[text.clone()])?;
        moonwright_runtime::rt::hash::sha512(cx, &[text.clone()])?;
        moonwright_runtime::rt::base64::encode(cx, &[text.clone()])?;
    }
});

#[test]
fn busy_processes_hold_up_nobody_and_can_be_ended() {
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        let mut children = Vec::new();
        for entry in ["app:busy", "app:protected", "app:loud"].repeat(2) {
            children.push(spawn_monitored(cx, entry, &[]).await?[0].clone());
        }
        let mut worst = Duration::ZERO;
        for _ in 0..40 {
            let begun = Instant::now();
            time::sleep(cx, &[s!("5ms")]).await?;
            worst = worst.max(begun.elapsed() - Duration::from_millis(5));
        }
        // The busy ones never end by themselves; how late a timer is, `examples/fairness` measures.
        assert!(worst < Duration::from_secs(5), "{worst:?}");
        for child in &children {
            assert!(process::terminate(cx, &[child.clone()]).await?.first().truthy());
        }
        for _ in &children {
            let [event, _] = receive(cx, &events).await?;
            assert_eq!(text(&get(&get(&event, "result"), "error")), "process terminated");
        }
        nothing(cx)
    });
    run(&[("app:main", main), ("app:busy", busy), ("app:protected", protected), ("app:loud", loud)]);
}

#[test]
fn a_failed_link_ends_a_busy_process() {
    program!(parent, |cx, args| {
        process::spawn_linked(cx, &[s!("app:failing"), s!("app:processes")]).await?;
        loop {
            cx.spend()?;
        }
    });
    program!(failing, |cx, args| {
        time::sleep(cx, &[s!("10ms")]).await?;
        Err(cx.throw("boom".into()))
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        spawn_monitored(cx, "app:parent", &[]).await?;
        let [event, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&get(&event, "result"), "error")), "linked process failed");
        nothing(cx)
    });
    run(&[("app:main", main), ("app:parent", parent), ("app:failing", failing)]);
}

#[test]
fn a_link_that_another_made_ends_a_busy_process_too() {
    program!(linking, |cx, args| {
        process::link(cx, &args).await?;
        Err(cx.throw("boom".into()))
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        for entry in ["app:busy", "app:protected"] {
            let [busy, _] = spawn_monitored(cx, entry, &[]).await?;
            // It is in its loop by then, and never comes back to its mail.
            time::sleep(cx, &[s!("20ms")]).await?;
            spawn(cx, "app:linking", &[busy.clone()]).await?;
            let late = time::after(cx, &[s!("10s")]).await?.first();
            let result = select(cx, &[&events, &late], false).await?;
            assert!(get(&result, "channel").is_identical(&events), "{entry} does not hear of it");
            let event = get(&result, "value");
            assert_eq!(text(&get(&event, "from")), text(&busy));
            assert_eq!(text(&get(&get(&event, "result"), "error")), "linked process failed");
        }
        nothing(cx)
    });
    run(&[("app:main", main), ("app:busy", busy), ("app:protected", protected), ("app:linking", linking)]);
}

#[test]
fn a_host_with_one_worker_runs_one_process_at_a_time() {
    static RUNNING: AtomicUsize = AtomicUsize::new(0);
    program!(child, |cx, args| {
        for _ in 0..20 {
            assert_eq!(RUNNING.fetch_add(1, Ordering::SeqCst), 0);
            std::thread::sleep(Duration::from_micros(200));
            RUNNING.fetch_sub(1, Ordering::SeqCst);
            time::sleep(cx, &[Value::int(1)]).await?;
        }
        nothing(cx)
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        for _ in 0..6 {
            process::spawn_monitored(cx, &[s!("app:child"), s!("app:narrow")]).await?;
        }
        for _ in 0..6 {
            let [event, _] = receive(cx, &events).await?;
            assert!(get(&get(&event, "result"), "error").is_nil());
        }
        nothing(cx)
    });
    let system = system_with(
        &[("app:main", main), ("app:child", child)],
        &[("app:narrow", "process.host", r#"{"host":{"workers":1}}"#)],
    );
    exit_in(&system, "app:main").unwrap();
}

#[test]
fn busy_processes_let_the_others_of_a_narrow_host_run() {
    program!(main, |cx, args| {
        let mut busy = Vec::new();
        for _ in 0..3 {
            busy.push(process::spawn(cx, &[s!("app:busy"), s!("app:narrow")]).await?.first());
        }
        let events = process::events(cx, &[]).await?;
        process::spawn_monitored(cx, &[s!("app:short"), s!("app:narrow")]).await?;
        // Nothing else goes on in the program that could make a busy process give its turn away.
        let late = time::after(cx, &[s!("10s")]).await?.first();
        let result = select(cx, &[&events, &late], false).await?;
        assert!(get(&result, "channel").is_identical(&events), "the busy ones keep the turn");
        for child in busy {
            assert!(process::terminate(cx, &[child]).await?.first().truthy());
        }
        nothing(cx)
    });
    program!(short, |cx, args| { nothing(cx) });
    let system = system_with(
        &[("app:main", main), ("app:busy", busy), ("app:short", short)],
        &[("app:narrow", "process.host", r#"{"host":{"workers":1}}"#)],
    );
    exit_in(&system, "app:main").unwrap();
}

// A bug of ours, in the second turn.
program!(broken, |cx, args| {
    time::sleep(cx, &[s!("1ms")]).await?;
    assert!(cx.is_script(), "a bug of ours");
    nothing(cx)
});

program!(whole, |cx, args| {
    time::sleep(cx, &[s!("2ms")]).await?;
    nothing(cx)
});

/// Children that panic, one after the other with some that do not: each ends alone, and the others go on.
macro_rules! mixed {
    ($host:literal) => {{
        program!(main, |cx, args| {
            let events = process::events(cx, &[]).await?;
            for _ in 0..4 {
                process::spawn_monitored(cx, &[s!("app:broken"), s!($host)]).await?;
                process::spawn_monitored(cx, &[s!("app:whole"), s!($host)]).await?;
            }
            let mut broken = 0;
            for _ in 0..8 {
                let [event, _] = receive(cx, &events).await?;
                let error = get(&get(&event, "result"), "error");
                if !error.is_nil() {
                    assert_eq!(text(&error), "internal error: the runtime panicked");
                    broken += 1;
                }
            }
            assert_eq!(broken, 4);
            nothing(cx)
        });
        [("app:main", main), ("app:broken", broken), ("app:whole", whole)]
    }};
}

#[test]
fn a_panic_ends_its_process_and_gives_back_the_turn_of_a_narrow_host() {
    let narrow = [("app:narrow", "process.host", r#"{"host":{"workers":1}}"#)];
    exit_in(&system_with(&mixed!("app:narrow"), &narrow), "app:main").unwrap();
    run(&mixed!("app:processes"));
    for seed in 0..20 {
        simulate(seed, &mixed!("app:processes"));
    }
}

#[test]
fn a_storm_of_spawns_leaves_nothing_behind() {
    program!(child, |cx, args| { nothing(cx) });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        for _ in 0..20 {
            for _ in 0..500 {
                spawn_monitored(cx, "app:child", &[]).await?;
            }
            for _ in 0..500 {
                receive(cx, &events).await?;
            }
        }
        nothing(cx)
    });
    let system = system(&[("app:main", main), ("app:child", child)]);
    exit_in(&system, "app:main").unwrap();
    assert!(system.processes().is_empty());
    assert_eq!(system.find_host("app:processes").unwrap().1.live(), 0);
}

#[test]
fn a_group_of_linked_processes_collapses_at_once() {
    program!(link, |cx, args| {
        let depth = args[0].as_int().unwrap();
        if depth == 0 {
            process::send(cx, &mut [args[1].clone(), s!("built")]).await?;
            time::sleep(cx, &[s!("20ms")]).await?;
            return Err(cx.throw("the last one fails".into()));
        }
        let child = [s!("app:link"), s!("app:processes"), Value::int(depth - 1), args[1].clone()];
        process::spawn_linked(cx, &child).await?;
        time::sleep(cx, &[s!("1h")]).await
    });
    program!(main, |cx, args| {
        let (events, inbox) = (process::events(cx, &[]).await?, process::inbox(cx, &[]).await?);
        let args = [Value::int(3000), process::pid(cx, &[])?];
        spawn_monitored(cx, "app:link", &args).await?;
        receive(cx, &inbox).await?;
        let [event, _] = receive(cx, &events).await?;
        assert_eq!(text(&get(&get(&event, "result"), "error")), "linked process failed");
        nothing(cx)
    });
    let system = system(&[("app:main", main), ("app:link", link)]);
    exit_in(&system, "app:main").unwrap();
    assert!(system.processes().is_empty());
}

/// Many senders, a receiver that ends early, children that are killed: what one run of it tells.
fn simulated(seed: u64) -> Vec<String> {
    thread_local! {
        // A simulation runs on the thread of its test.
        static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }
    program!(sender, |cx, args| {
        for number in 1..=5 {
            process::send(cx, &mut [args[0].clone(), s!("n"), args[1].clone(), Value::int(number)]).await?;
            if number % 2 == 0 {
                time::sleep(cx, &[s!("1s")]).await?;
            }
        }
        registry::register(cx, &[s!("last")])?;
        nothing(cx)
    });
    program!(victim, |cx, args| {
        registry::register(cx, &[s!("victim")])?;
        time::sleep(cx, &[s!("1h")]).await
    });
    program!(main, |cx, args| {
        let (events, inbox) = (process::events(cx, &[]).await?, process::inbox(cx, &[]).await?);
        let own = process::pid(cx, &[])?;
        for sender in 1..=3 {
            spawn_monitored(cx, "app:sender", &[own.clone(), Value::int(sender)]).await?;
        }
        let [victim, _] = spawn_monitored(cx, "app:victim", &[]).await?;
        process::terminate(cx, &[victim]).await?;
        let (mut exits, mut next) = (0, [1; 4]);
        while exits < 4 {
            let result = select(cx, &[&inbox, &events], false).await?;
            let value = get(&result, "value");
            if get(&result, "channel").is_identical(&events) {
                exits += 1;
                continue;
            }
            let payloads = method(cx, &value, "payload", &[]).await?.first();
            let number = async |index: i64| -> LuaResult<usize> {
                let payload = payloads.as_table().unwrap().get_int(index);
                let value = method(cx, &payload, "data", &[]).await?.first();
                Ok(usize::try_from(value.as_int().unwrap()).unwrap())
            };
            let (sender, count) = (number(1).await?, number(2).await?);
            assert_eq!(next[sender], count, "per-sender order");
            next[sender] += 1;
            LOG.with_borrow_mut(|log| log.push(format!("{sender}:{count}")));
        }
        assert_eq!(next, [1, 6, 6, 6], "nothing is lost, every monitor is told once");
        for name in [s!("victim"), s!("last")] {
            assert!(registry::lookup(cx, &[name])?.first().is_nil());
        }
        nothing(cx)
    });
    simulate(seed, &[("app:main", main), ("app:sender", sender), ("app:victim", victim)]);
    LOG.take()
}

#[test]
fn a_seed_repeats_its_order_and_a_thousand_seeds_keep_the_promises() {
    let mut orders = BTreeMap::new();
    for seed in 0..1000 {
        *orders.entry(simulated(seed)).or_insert(0) += 1;
    }
    assert!(orders.len() > 50, "seeds give different orders: {}", orders.len());
    assert_eq!(simulated(17), simulated(17));
}

#[test]
fn an_idle_system_uses_no_cpu() {
    program!(main, |cx, args| {
        let inbox = process::inbox(cx, &[]).await?;
        receive(cx, &inbox).await?;
        nothing(cx)
    });
    let system: Arc<System> = system(&[("app:main", main)]);
    let request = moonwright_runtime::process::spawn::SpawnRequest::new(
        "app:main",
        "app:processes",
        moonwright_runtime::transfer::Graph::copy(&[]),
        None,
    );
    system.spawn(request).unwrap();
    let rests = |span| {
        let before = system.scheduler().turns();
        std::thread::sleep(Duration::from_millis(span));
        before > 0 && system.scheduler().turns() == before
    };
    // Where the machine is busy, the threads start late.
    assert!((0..100).any(|_| rests(100)), "the workers never rest");
    assert!(rests(300), "somebody looks for work");
    system.scheduler().stop();
}

#[test]
fn processes_that_free_very_many_objects_give_their_worker_away() {
    program!(hoarder, |cx, args| {
        let held = new_table(cx);
        for at in 1..=40_000 {
            cx.spend()?;
            let item = new_table(cx);
            set_index(cx, &held, Value::int(at), item)?;
            registry::register(cx, &[Value::string(format!("{} {at}", text(&args[0])))])?;
        }
        // Some free what they hold while they run, the others by their end.
        if args[1].truthy() {
            drop(held);
            time::sleep(cx, &[s!("1ms")]).await?;
        } else {
            cx.heap().collect();
        }
        nothing(cx)
    });
    program!(main, |cx, args| {
        let events = process::events(cx, &[]).await?;
        for number in 0..6 {
            let host = if number % 2 == 0 { s!("app:processes") } else { s!("app:narrow") };
            let args = [Value::string(format!("name {number}")), Value::bool(number < 3)];
            let [one, two] = args;
            let started = process::spawn_monitored(cx, &[s!("app:hoarder"), host, one, two]).await?;
            assert!(!started.first().is_nil());
        }
        for _ in 0..6 {
            let [event, _] = receive(cx, &events).await?;
            let error = get(&get(&event, "result"), "error");
            assert!(error.is_nil(), "{}", text(&error));
        }
        assert!(registry::lookup(cx, &[s!("name 0 1")])?.first().is_nil());
        nothing(cx)
    });
    let narrow = ("app:narrow", "process.host", r#"{"host":{"workers":1}}"#);
    let system = system_with(&[("app:main", main), ("app:hoarder", hoarder)], &[narrow]);
    exit_in(&system, "app:main").unwrap();
}
