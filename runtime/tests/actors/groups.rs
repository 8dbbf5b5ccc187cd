//! Process groups.

use moonwright_runtime::stdlib::pg;

use crate::kit::*;
use crate::program;

const SCOPE: (&str, &str, &str) = ("app:groups", "pg.scope", "{}");

async fn open(cx: Cx) -> LuaResult {
    Ok(pg::open(cx, &[s!("app:groups")])?.first())
}

/// Joins `lobby` twice and `hall` once, says what it gets, and ends when told.
async fn take_part(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let (inbox, groups) = (process::inbox(cx, &[]).await?, open(cx).await?);
    method(cx, &groups, "join", &[s!("lobby")]).await?;
    let both = moonwright_runtime::ops::index::list(cx, [s!("lobby"), s!("hall")]);
    method(cx, &groups, "join", &[both]).await?;
    loop {
        let [message, _] = receive(cx, &inbox).await?;
        let topic = method(cx, &message, "topic", &[]).await?.first();
        if text(&topic) == "end" {
            return nothing(cx);
        }
        let from = method(cx, &message, "from", &[]).await?.first();
        let data = data(cx, &message).await?;
        process::send(cx, &mut [args[0].clone(), s!("got"), data, from]).await?;
    }
}

program!(member, |cx, args| { take_part(cx, &args).await });

async fn event(cx: Cx, channel: &Value) -> LuaResult<(String, String, i64)> {
    let [event, _] = receive(cx, channel).await?;
    assert_eq!(text(&get(&event, "system")), "pg");
    let data = get(&event, "data");
    assert_eq!(text(&get(&event, "path")), text(&get(&data, "Group")));
    let count = get(&data, "PIDs").as_table().unwrap().length();
    Ok((text(&get(&event, "kind")), text(&get(&event, "path")), count))
}

async fn count(cx: Cx, groups: &Value, group: Value) -> LuaResult<i64> {
    let members = method(cx, groups, "get_members", &[group]).await?.first();
    Ok(members.as_table().unwrap().length())
}

#[test]
fn members_join_as_often_as_they_like_and_leave_with_their_end() {
    program!(main, |cx, args| {
        let (inbox, exits) = (process::inbox(cx, &[]).await?, process::events(cx, &[]).await?);
        let groups = open(cx).await?;
        let [sub, found] = method(cx, &groups, "events", &[]).await?.adjust(cx);
        assert_eq!(found.as_table().unwrap().entries().len(), 0);
        let changes = method(cx, &sub, "channel", &[]).await?.first();
        let me = process::pid(cx, &[])?;
        let [child, _] = spawn_monitored(cx, "app:member", &[me.clone()]).await?;
        for expected in ["lobby", "lobby", "hall"] {
            assert_eq!(event(cx, &changes).await?, ("member.joined".to_owned(), expected.to_owned(), 1));
        }
        method(cx, &groups, "join", &[s!("lobby")]).await?;
        assert_eq!(event(cx, &changes).await?.1, "lobby");
        assert_eq!(count(cx, &groups, s!("lobby")).await?, 3);
        let names = method(cx, &groups, "which_groups", &[]).await?.first();
        let names: Vec<String> = names.as_table().unwrap().array().iter().map(text).collect();
        assert_eq!(names, ["hall", "lobby"]);
        let [hall, members] = method(cx, &groups, "monitor", &[s!("hall")]).await?.adjust(cx);
        assert_eq!(text(&members.as_table().unwrap().get_int(1)), text(&child));
        let hall = method(cx, &hall, "channel", &[]).await?.first();

        method(cx, &groups, "broadcast", &[s!("lobby"), s!("hello"), Value::int(7)]).await?;
        let mut topics = Vec::new();
        for _ in 0..3 {
            let [message, _] = receive(cx, &inbox).await?;
            topics.push(text(&method(cx, &message, "topic", &[]).await?.first()));
        }
        topics.sort();
        // The member twice, as it joined twice; and this process itself.
        assert_eq!(topics, ["got", "got", "hello"]);

        process::send(cx, &mut [child, s!("end")]).await?;
        receive(cx, &exits).await?;
        // They left before the end could be seen.
        assert_eq!(count(cx, &groups, s!("hall")).await?, 0);
        assert_eq!(event(cx, &hall).await?, ("member.left".to_owned(), "hall".to_owned(), 1));
        assert_eq!(event(cx, &changes).await?, ("member.left".to_owned(), "hall".to_owned(), 1));
        assert_eq!(event(cx, &changes).await?, ("member.left".to_owned(), "lobby".to_owned(), 2));
        method(cx, &groups, "leave", &[s!("lobby")]).await?;
        assert_eq!(count(cx, &groups, s!("lobby")).await?, 0);
        // The last event waits unread, and goes with the subscription.
        let flush = record(cx, [(s!("flush"), Value::TRUE)]);
        assert!(method(cx, &sub, "close", &[flush]).await?.first().truthy());
        assert!(!receive(cx, &changes).await?[1].truthy());
        nothing(cx)
    });
    let system = system_with(&[("app:main", main), ("app:member", member)], &[SCOPE]);
    system.scopes().find("app:groups").unwrap().set_running(true);
    let exit = exit_in(&system, "app:main");
    assert!(exit.is_ok(), "{exit:?}");
}

#[test]
fn mistakes_are_named() {
    program!(main, |cx, args| {
        let failures = [
            (s!(""), "Invalid", "resource id is required"),
            (s!("app:nothing"), "Internal", "failed to acquire pg scope: resource not found: app:nothing"),
            (s!("app:main"), "Invalid", "resource is not a pg scope: app:main"),
            (s!("app:closed"), "Internal", "failed to acquire pg scope: app:closed is not running"),
        ];
        for (id, expected, message) in failures {
            let [none, error] = pg::open(cx, &[id])?.adjust(cx);
            assert!(none.is_nil());
            assert_eq!((kind(&error).as_str(), text(&error).as_str()), (expected, message));
        }
        let groups = open(cx).await?;
        for (args, message) in [
            (vec![s!("")], "group name is required"),
            (vec![new_table(cx)], "groups table must not be empty"),
            (vec![Value::TRUE], "group name (string) or groups table required"),
            (vec![], "group name (string) or groups table required"),
        ] {
            let [_, error] = method(cx, &groups, "join", &args).await?.adjust(cx);
            assert_eq!(text(&error), message);
        }
        let [_, error] = method(cx, &groups, "broadcast", &[s!("g"), s!("")]).await?.adjust(cx);
        assert_eq!(text(&error), "topic is required");
        assert!(method(cx, &groups, "leave", &[s!("g")]).await?.first().truthy());
        for _ in 0..2 {
            assert!(method(cx, &groups, "release", &[]).await?.first().truthy());
        }
        let [_, error] = method(cx, &groups, "join", &[s!("g")]).await?.adjust(cx);
        assert_eq!((kind(&error).as_str(), text(&error).as_str()), ("Invalid", "pg instance is released"));
        assert_eq!(text(&base::tostring(cx, &[groups])?), "pg.Instance{app:groups, released}");
        nothing(cx)
    });
    let system = system_with(&[("app:main", main)], &[SCOPE, ("app:closed", "pg.scope", "{}")]);
    system.scopes().find("app:groups").unwrap().set_running(true);
    let exit = exit_in(&system, "app:main");
    assert!(exit.is_ok(), "{exit:?}");
}
