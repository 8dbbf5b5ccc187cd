//! The benchmarks of `bench/apps/actors`, by hand on tokio: tasks, unbounded channels, no PIDs, no
//! names, no copies. `moonwright-bench-tokio NAME COUNT` prints nanoseconds of wall time for each
//! operation.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A message: who sent it, and what.
struct Letter {
    from: UnboundedSender<Letter>,
    content: Content,
}

enum Content {
    True,
    Order { id: u64, name: String, amount: f64 },
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let (name, count) = (args.next().expect("a name"), args.next().expect("a count"));
    let count: u64 = count.parse().expect("a number");
    let begun = Instant::now();
    // As in the other versions, the main task is a task like any other.
    tokio::spawn(async move { run(&name, count).await }).await.expect("the benchmark ends");
    let nanoseconds = begun.elapsed().as_nanos();
    println!("{:.1}", nanoseconds as f64 / count as f64);
}

async fn run(name: &str, count: u64) {
    match name {
        "spawn" => spawns(count).await,
        "ping_pong" => ping_pong(count, || Content::True, false).await,
        "request_reply" => {
            let order = || Content::Order { id: count, name: "order".to_owned(), amount: 12.5 };
            ping_pong(count, order, false).await;
        }
        "timeout_receive" => ping_pong(count, || Content::True, true).await,
        "pairs" => pairs(count).await,
        "ring" => ring(count).await,
        "fan_in" => fan_in(count).await,
        "fan_out" => fan_out(count).await,
        "timers" => timers(count).await,
        "collapse" => collapse(count).await,
        "idle" => idle(count).await,
        other => panic!("no benchmark {other}"),
    }
}

/// A task, and its end told to whoever waits.
async fn spawns(count: u64) {
    for _ in 0..count {
        let (tell, told) = oneshot::channel();
        tokio::spawn(async move {
            let _ = tell.send(0);
        });
        told.await.expect("an end");
    }
}

fn echo() -> UnboundedSender<Letter> {
    let (own, mut inbox) = unbounded_channel::<Letter>();
    let from = own.clone();
    tokio::spawn(async move {
        while let Some(letter) = inbox.recv().await {
            let _ = letter.from.send(Letter { from: from.clone(), content: letter.content });
        }
    });
    own
}

async fn ping_pong(count: u64, content: impl Fn() -> Content, has_timeout: bool) {
    let (own, mut inbox) = unbounded_channel();
    let echo = echo();
    for _ in 0..count {
        let _ = echo.send(Letter { from: own.clone(), content: content() });
        let answer = if has_timeout {
            tokio::time::timeout(Duration::from_secs(5), inbox.recv()).await.expect("in time")
        } else {
            inbox.recv().await
        };
        if let Content::Order { id, name, amount } = answer.expect("an answer").content {
            assert!(id == count && name.len() == 5 && amount > 1.0);
        }
    }
}

/// As many ping-pongs at once as keep every worker busy.
async fn pairs(count: u64) {
    let pairs = 64;
    let mut pingers = tokio::task::JoinSet::new();
    for _ in 0..pairs {
        pingers.spawn(ping_pong(count / pairs, || Content::True, false));
    }
    while pingers.join_next().await.is_some() {}
}

async fn ring(count: u64) {
    let members = 100;
    let (mut next, mut inbox) = unbounded_channel::<()>();
    for _ in 0..members {
        let (own, mut mail) = unbounded_channel::<()>();
        let to = std::mem::replace(&mut next, own);
        tokio::spawn(async move {
            while mail.recv().await.is_some() {
                let _ = to.send(());
            }
        });
    }
    for _ in 0..count / (members + 1) {
        let _ = next.send(());
        inbox.recv().await;
    }
}

async fn take(inbox: &mut UnboundedReceiver<()>, count: u64) {
    for _ in 0..count {
        inbox.recv().await;
    }
}

async fn fan_in(count: u64) {
    let (own, mut inbox) = unbounded_channel();
    let sources = 10;
    for _ in 0..sources {
        let to = own.clone();
        tokio::spawn(async move {
            for _ in 0..count / sources {
                let _ = to.send(());
            }
        });
    }
    take(&mut inbox, count / sources * sources).await;
}

async fn fan_out(count: u64) {
    let (done, mut inbox) = unbounded_channel();
    let rounds = count / 1000;
    let mut subscribers = Vec::new();
    for _ in 0..1000 {
        let (own, mut mail) = unbounded_channel();
        let done = done.clone();
        tokio::spawn(async move {
            take(&mut mail, rounds).await;
            let _ = done.send(());
        });
        subscribers.push(own);
    }
    for _ in 0..rounds {
        for subscriber in &subscribers {
            let _ = subscriber.send(());
        }
    }
    take(&mut inbox, 1000).await;
}

async fn timers(count: u64) {
    for _ in 0..count {
        let mut timer = Box::pin(tokio::time::sleep(Duration::from_secs(60)));
        // A timer is armed when it is first polled.
        std::future::poll_fn(|context| {
            let _ = timer.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }
}

/// A group is made; its root's end ends all the others.
async fn collapse(count: u64) {
    let (root, watched) = tokio::sync::watch::channel(());
    let mut group = tokio::task::JoinSet::new();
    for _ in 0..count {
        let mut watched = watched.clone();
        group.spawn(async move {
            let _ = watched.changed().await;
        });
    }
    tokio::task::yield_now().await;
    drop(root);
    while group.join_next().await.is_some() {}
}

async fn idle(count: u64) {
    for _ in 0..count {
        let (up, is_up) = oneshot::channel();
        tokio::spawn(async move {
            let (own, mut inbox) = unbounded_channel::<()>();
            let (_events, mut events) = unbounded_channel::<()>();
            let state = Box::new([own]);
            let _ = up.send(());
            tokio::select! {
                _ = inbox.recv() => {}
                _ = events.recv() => {}
                () = tokio::time::sleep(Duration::from_secs(3600)) => {}
            }
            drop(state);
        });
        is_up.await.expect("a task");
    }
    println!("ready");
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
}
