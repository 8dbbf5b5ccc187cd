//! The event bus.

use crate::kit::*;
use crate::program;

#[test]
fn events_reach_those_whose_patterns_fit_in_order() {
    program!(listener, |cx, args| {
        let sub = events::subscribe(cx, &[s!("orders.*"), s!("made")]).await?.first();
        let channel = method(cx, &sub, "channel", &[]).await?.first();
        process::send(cx, &mut [args[0].clone(), s!("ready")]).await?;
        let inbox = process::inbox(cx, &[]).await?;
        // All of them wait unread until the sender is done.
        receive(cx, &inbox).await?;
        for expected in 1..=200 {
            let [event, _] = receive(cx, &channel).await?;
            assert_eq!(text(&get(&event, "system")), "orders.eu");
            assert_eq!(get(&get(&event, "data"), "n").as_int(), Some(expected));
        }
        assert!(get(&select(cx, &[&channel], true).await?, "default").truthy());
        for _ in 0..2 {
            assert!(method(cx, &sub, "close", &[]).await?.first().truthy());
        }
        assert!(!receive(cx, &channel).await?[1].truthy());
        nothing(cx)
    });
    program!(main, |cx, args| {
        let (exits, inbox) = (process::events(cx, &[]).await?, process::inbox(cx, &[]).await?);
        let [child, _] = spawn_monitored(cx, "app:listener", &[process::pid(cx, &[])?]).await?;
        receive(cx, &inbox).await?;
        let own = events::subscribe(cx, &[s!("*")]).await?.first();
        let channel = method(cx, &own, "channel", &[]).await?.first();
        for number in 1..=200 {
            let data = record(cx, [(s!("n"), Value::int(number))]);
            events::send(cx, &[s!("orders.eu"), s!("made"), s!("/1"), data]).await?;
            events::send(cx, &[s!("orders.eu"), s!("lost"), s!("/1")]).await?;
        }
        let [event, _] = receive(cx, &channel).await?;
        assert_eq!(text(&get(&event, "path")), "/1");
        process::send(cx, &mut [child, s!("done")]).await?;
        let [event, _] = receive(cx, &exits).await?;
        let error = get(&get(&event, "result"), "error");
        assert!(error.is_nil(), "{}", text(&error));
        let [_, err] = events::send(cx, &[s!("a"), s!(""), s!("p")]).await?.adjust(cx);
        assert_eq!((kind(&err).as_str(), text(&err).as_str()), ("Invalid", "kind is required"));
        nothing(cx)
    });
    run(&[("app:main", main), ("app:listener", listener)]);
}

#[test]
fn what_a_closed_subscription_left_is_dropped() {
    program!(main, |cx, args| {
        let sub = events::subscribe(cx, &[s!("a")]).await?.first();
        for _ in 0..70 {
            events::send(cx, &[s!("a"), s!("k"), s!("p")]).await?;
        }
        method(cx, &sub, "close", &[]).await?;
        let inbox = process::inbox(cx, &[]).await?;
        assert!(get(&select(cx, &[&inbox], true).await?, "default").truthy());
        nothing(cx)
    });
    run(&[("app:main", main)]);
}
