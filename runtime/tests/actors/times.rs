//! Timers, tickers, times in zones.

use crate::kit::*;
use crate::program;

async fn of(cx: Cx, value: &Value, name: &str, args: &[Value]) -> LuaResult {
    Ok(method(cx, value, name, args).await?.first())
}

#[test]
fn a_timer_can_be_stopped_and_reset_while_it_is_pending() {
    program!(main, |cx, args| {
        let timer = time::timer(cx, &[s!("1h")]).await?.first();
        assert_eq!(of(cx, &timer, "reset", &[s!("5ms")]).await?.as_bool(), Some(true));
        let channel = of(cx, &timer, "response", &[]).await?;
        assert!(channel.is_identical(&of(cx, &timer, "channel", &[]).await?));
        assert!(receive(cx, &channel).await?[1].truthy());
        assert!(!receive(cx, &channel).await?[1].truthy());
        for name in ["stop", "reset"] {
            assert_eq!(of(cx, &timer, name, &[s!("5ms")]).await?.as_bool(), Some(false));
        }
        let timer = time::timer(cx, &[s!("1h")]).await?.first();
        assert_eq!(of(cx, &timer, "stop", &[]).await?.as_bool(), Some(true));
        let channel = of(cx, &timer, "channel", &[]).await?;
        assert!(!receive(cx, &channel).await?[1].truthy());
        let [_, err] = time::ticker(cx, &[Value::int(0)]).await?.adjust(cx);
        assert_eq!(text(&err), "time.ticker: duration must be > 0");
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn a_ticker_keeps_at_most_sixteen_unread_ticks() {
    program!(main, |cx, args| {
        let ticker = time::ticker(cx, &[s!("1ms")]).await?.first();
        let channel = of(cx, &ticker, "channel", &[]).await?;
        // Of ticks that are due together, one comes: on a busy machine many are.
        time::sleep(cx, &[s!("500ms")]).await?;
        assert_eq!(of(cx, &ticker, "stop", &[]).await?.as_bool(), Some(true));
        let mut ticks = 0;
        while receive(cx, &channel).await?[1].truthy() {
            ticks += 1;
        }
        assert_eq!(ticks, 16);
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn dates_carry_over_and_are_shown_in_zones() {
    program!(main, |cx, args| {
        let time_module = Value::module(&time::TIME);
        let utc = moonwright_runtime::ops::index::index(cx, &time_module, &s!("utc"))?;
        let at = |parts: [i64; 7]| -> LuaResult {
            let mut args: Vec<Value> = parts.map(Value::int).into();
            args.push(utc.clone());
            time::date(cx, &args)
        };
        let shown = async |value: &Value, layout: &str| -> LuaResult<String> {
            Ok(text(&of(cx, value, "format", &[Value::string(layout)]).await?))
        };
        for (parts, date) in [
            ([2024, 13, 1, 0, 0, 0, 0], "2025-01-01"),
            ([2024, 3, 0, 0, 0, 0, 0], "2024-02-29"),
            ([2023, 12, 31, 24, 0, 0, 0], "2024-01-01"),
            ([1969, 12, 31, 0, 0, 0, -1], "1969-12-30"),
            ([1, 1, 1, 0, 0, 0, 0], "0001-01-01"),
        ] {
            assert_eq!(shown(&at(parts)?, "2006-01-02").await?, date);
        }
        assert!(of(cx, &at([1, 1, 1, 0, 0, 0, 0])?, "is_zero", &[]).await?.truthy());
        let moment = at([2024, 5, 6, 7, 8, 9, 123_000_000])?;
        assert_eq!(text(&base::tostring(cx, &[moment.clone()])?), "2024-05-06 07:08:09.123 +0000 UTC");
        let jan = at([2024, 1, 31, 0, 0, 0, 0])?;
        let march = of(cx, &jan, "add_date", &[Value::int(0), Value::int(1), Value::int(0)]).await?;
        assert_eq!(shown(&march, "2006-01-02").await?, "2024-03-02");
        assert_eq!(of(cx, &moment, "weekday", &[]).await?.as_int(), Some(1));
        assert_eq!(of(cx, &moment, "year_day", &[]).await?.as_int(), Some(127));
        let east = time::fixed_zone(cx, &[s!("EAST"), Value::int(7200)])?;
        let there = of(cx, &moment, "in_location", &[east]).await?;
        assert_eq!(shown(&there, "15:04 MST -07:00").await?, "09:08 EAST +02:00");
        assert!(of(cx, &there, "equal", &[moment.clone()]).await?.truthy());
        let minute = time::parse_duration(cx, &[s!("1m")])?.first();
        for (name, rounded) in [("truncate", "07:08:00"), ("round", "07:08:00")] {
            let whole = of(cx, &moment, name, &[minute.clone()]).await?;
            assert_eq!(shown(&whole, "15:04:05").await?, rounded);
        }
        let later = of(cx, &moment, "add", &[s!("90m")]).await?;
        let span = of(cx, &later, "sub", &[moment]).await?;
        assert_eq!(text(&base::tostring(cx, &[span])?), "1h30m0s");
        let parsed =
            time::parse(cx, &[s!("2006-01-02T15:04:05Z07:00"), s!("2024-05-06T07:08:09+02:00")])?.first();
        assert_eq!(of(cx, &parsed, "unix", &[]).await?.as_int(), Some(1_714_972_089));
        let [_, err] = time::parse(cx, &[s!("2006"), s!("x")])?.adjust(cx);
        assert_eq!(text(&err), "parsing time \"x\" as \"2006\": cannot parse \"x\" as \"2006\"");
        let [_, err] = time::load_location(cx, &[s!("Nowhere/Land")])?.adjust(cx);
        assert_eq!(
            (kind(&err).as_str(), text(&err).as_str()),
            ("NotFound", "unknown time zone Nowhere/Land")
        );
        nothing(cx)
    });
    run(&[("app:main", main)]);
}

#[test]
fn zones_are_known_by_name() {
    program!(main, |cx, args| {
        let berlin = time::load_location(cx, &[s!("Europe/Berlin")])?.first();
        assert!(!berlin.is_nil());
        let noon = time::date(
            cx,
            &[2024, 7, 1, 12, 0, 0, 0].map(Value::int).into_iter().chain([berlin]).collect::<Vec<_>>(),
        )?;
        assert_eq!(
            text(&method(cx, &noon, "format_rfc3339", &[]).await?.first()),
            "2024-07-01T12:00:00+02:00"
        );
        nothing(cx)
    });
    run(&[("app:main", main)]);
}
