%% The benchmarks of ../src/main.lua, in Erlang: `erl -noshell -run bench main NAME COUNT`.
%% Prints nanoseconds of wall time for each operation.
-module(bench).
-export([main/1]).

main([Name, Text]) ->
    Count = list_to_integer(Text),
    Begun = erlang:monotonic_time(nanosecond),
    run(list_to_atom(Name), Count),
    Spent = erlang:monotonic_time(nanosecond) - Begun,
    io:format("~.1f~n", [Spent / Count]),
    halt(0).

run(spawn, Count) -> spawns(Count);
run(ping_pong, Count) ->
    Echo = spawn(fun echo/0),
    ping(Echo, Count);
run(request_reply, Count) ->
    Echo = spawn(fun echo/0),
    request(Echo, Count);
run(timeout_receive, Count) ->
    Echo = spawn(fun echo/0),
    ping_with_timeout(Echo, Count);
run(pairs, Count) ->
    Self = self(),
    Pairs = 64,
    Pinger = fun() -> ping(spawn(fun echo/0), Count div Pairs), Self ! done end,
    [spawn(Pinger) || _ <- lists:seq(1, Pairs)],
    take(Pairs);
run(ring, Count) ->
    Members = 100,
    First = lists:foldl(fun(_, Next) -> spawn(fun() -> ring(Next) end) end, self(), lists:seq(1, Members)),
    tokens(First, Count div (Members + 1));
run(fan_in, Count) ->
    Self = self(),
    Sources = 10,
    [spawn(fun() -> source(Self, Count div Sources) end) || _ <- lists:seq(1, Sources)],
    take(Count div Sources * Sources);
run(fan_out, Count) ->
    Self = self(),
    Rounds = Count div 1000,
    Subscribers = [spawn(fun() -> take(Rounds), Self ! done end) || _ <- lists:seq(1, 1000)],
    publish(Subscribers, Rounds),
    take(1000);
run(timers, Count) -> timers(Count);
run(collapse, Count) ->
    Self = self(),
    {Root, _} = spawn_monitor(fun() ->
        [spawn_link(fun() -> receive never -> ok end end) || _ <- lists:seq(1, Count)],
        Self ! ready,
        receive collapse -> exit(collapse) end
    end),
    receive ready -> ok end,
    Root ! collapse,
    receive {'DOWN', _, _, _, _} -> ok end;
run(idle, Count) ->
    Self = self(),
    [begin
        spawn(fun() -> idle(Self) end),
        receive up -> ok end
    end || _ <- lists:seq(1, Count)],
    io:format("ready~n"),
    io:get_line("").

spawns(0) -> ok;
spawns(Count) ->
    spawn_monitor(fun() -> 0 end),
    receive {'DOWN', _, _, _, _} -> spawns(Count - 1) end.

echo() ->
    receive {From, Message} -> From ! {self(), Message}, echo() end.

ping(_, 0) -> ok;
ping(Echo, Count) ->
    Echo ! {self(), true},
    receive {_, _} -> ping(Echo, Count - 1) end.

request(_, 0) -> ok;
request(Echo, Count) ->
    Echo ! {self(), #{id => Count, name => <<"order">>, amount => 12.5}},
    receive {_, #{id := Count}} -> request(Echo, Count - 1) end.

ping_with_timeout(_, 0) -> ok;
ping_with_timeout(Echo, Count) ->
    Echo ! {self(), true},
    receive {_, _} -> ping_with_timeout(Echo, Count - 1) after 5000 -> exit(timeout) end.

ring(Next) ->
    receive token -> Next ! token, ring(Next) end.

tokens(_, 0) -> ok;
tokens(First, Count) ->
    First ! token,
    receive token -> tokens(First, Count - 1) end.

source(_, 0) -> ok;
source(To, Count) ->
    To ! item,
    source(To, Count - 1).

take(0) -> ok;
take(Count) -> receive _ -> take(Count - 1) end.

publish(_, 0) -> ok;
publish(Subscribers, Rounds) ->
    [Subscriber ! news || Subscriber <- Subscribers],
    publish(Subscribers, Rounds - 1).

timers(0) -> ok;
timers(Count) ->
    Timer = erlang:send_after(60000, self(), late),
    erlang:cancel_timer(Timer),
    timers(Count - 1).

idle(Parent) ->
    State = #{count => 1},
    Parent ! up,
    receive
        stop -> State
    after 3600000 -> State
    end.
