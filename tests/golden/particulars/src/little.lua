-- The small modules: json, payload, env, events, uuid, base64, hash, logger, io outside of a terminal, groups.
local base64 = require("base64")
local env = require("env")
local events = require("events")
local hash = require("hash")
local io = require("io")
local json = require("json")
local logger = require("logger")
local payload = require("payload")
local pg = require("pg")
local see = require("see")
local uuid = require("uuid")

local me = process.pid()

local function encoding()
    local encode = json.encode
    local function gives(text, ...)
        see.results("encode " .. text, { text, n = 2 }, encode(...))
    end
    gives("null")
    gives("null", nil)
    gives("true", true)
    gives('"a\\n\\r\\t\\b\\f\\u0001\\"\\\\"', "a\n\r\t\b\f\1\"\\")
    gives('"\\u003c\\u003e\\u0026\\u2028\\u2029"', "<>&\u{2028}\u{2029}")
    gives('"\u{fffd}"', "\xff")
    gives("3", 3.0)
    gives("-0.5", -0.5)
    gives("1e-7", 1e-7)
    gives("0.000001", 1e-6)
    gives("1e+21", 1e21)
    gives("100000000000000000000", 1e20)
    gives("[0.0000001,1000000000000000000000]", { 1e-7, 1e21 })
    gives("null", 0 / 0)
    gives("[null,1]", { 1 / 0, 1 })
    gives("[]", {})
    gives("[1,[2]]", { 1, { 2 } })
    gives('{"-1":1}', { [-1] = 1 })
    gives('{"0.5":1}', { [0.5] = 1 })
    gives('{"true":1}', { [true] = 1 })
    gives('{"a":1}', { a = 1, [print] = 2 })
    gives('"m"', errors.new("m"))
    gives("null", print)
    gives("null", channel.new())
    gives('{"a":null}', { a = print })
    local shared = {}
    gives("[[],[]]", { shared, shared })
    for message, value in pairs {
        ["cannot encode mixed-key table: table has both numeric and non-numeric keys"] = { 1, a = 2 },
        ["cannot encode sparse array: non-contiguous numeric keys found"] = { [1] = 1, [3] = 2 }
    } do
        see.fails("encode", "Internal", message, encode(value))
    end
    see.fails("sparse from 2", "Internal", "cannot encode sparse array: non-contiguous numeric keys found", encode({ [2] = 1 }))
    local decode = json.decode
    see.fails("decode()", "Invalid", "string expected", decode())
    see.fails("decode(1)", "Invalid", "string expected", decode(1))
    see.fails("decode('')", "Invalid", "empty string is not valid JSON", decode(""))
    see.results("null", { nil, nil, n = 2 }, decode("null"))
    see.results("an integer", { 1, n = 2 }, decode("1"))
    see.results("a float", { 1.0, n = 2 }, decode("1.0"))
    see.results("an exponent", { 100.0, n = 2 }, decode("1e2"))
    see.results("saturates", { math.maxinteger, n = 2 }, decode("99999999999999999999"))
    see.results("saturates below", { math.mininteger, n = 2 }, decode("-99999999999999999999"))
    see.results("text", { "a\u{e9}\u{1f600}", n = 2 }, decode('"a\\u00e9\\ud83d\\ude00"'))
    see.equal("null members", next((decode('{"a":null}'))), nil)
    see.equal("null elements", decode("[null,2]")[2], 2)
    for _, text in ipairs { "{", "1 2", "[1,]", "tru", '{"a":1,"a":2}', '"\xff"' } do
        local value, err = decode(text)
        see.equal("no value of " .. text, value, nil)
        see.equal("kind for " .. text, err and err:kind(), "Internal")
    end
    see.fails("too deep", "Internal", "json: maximum nesting depth exceeded", decode(string.rep("[", 129) .. string.rep("]", 129)))
    see.equal("deep", type((decode(string.rep("[", 128) .. string.rep("]", 128)))), "table")
    local validate, validate_string = json.validate, json.validate_string
    local schema = { type = "object", required = { "a" }, properties = { a = { type = "integer" } } }
    see.results("valid", { true }, validate(schema, { a = 1 }))
    see.results("valid text", { true }, validate_string('{"type":"array"}', "[1]"))
    local ok, err = validate(schema, { a = "x" })
    see.equal("invalid", ok, false)
    see.equal("its kind", err:kind(), "Invalid")
    see.refuses("no schema", "Invalid", "schema is required", validate())
    see.refuses("no data", "Invalid", "data is required", validate(schema))
    see.refuses("no text", "Invalid", "data must be a JSON string", validate_string(schema, 1))
    see.refuses("odd schema", "Invalid", "schema must be a string or table", validate(1, 1))
end

local function payloads()
    local p = payload.new({ 1 })
    see.equal("text", tostring(p), "payload{format=lua/any}")
    see.equal("format", p:get_format(), "lua/any")
    see.equal("no copy", p:data(), p:data())
    see.equal("one result", select("#", p:data()), 1)
    see.equal("unmarshal", select("#", p:unmarshal()), 2)
    see.equal("error", payload.new(errors.new("x")):get_format(), "golang/error")
    local formats = payload.format
    see.results("formats", {
        "json/plain", "yaml/plain", "text/plain", "golang/any", "lua/any", "application/octet-stream",
        "application/msgpack", "golang/error"
    }, formats.JSON, formats.YAML, formats.STRING, formats.GOLANG, formats.LUA, formats.BYTES, formats.MSGPACK, formats.ERROR)
    see.fails("unknown", "Internal", "no transcoding path found", p:transcode("x/y"))
    local text = p:transcode(payload.format.JSON)
    see.equal("transcoded", text:get_format(), "json/plain")
    see.equal("and back", text:data()[1], 1)
    see.equal("a number", payload.new(2.0):transcode("text/plain"):data(), "2")
    see.equal("a boolean", payload.new(true):transcode("text/plain"):data(), "true")
    see.equal("nil", payload.new(nil):transcode("application/octet-stream"):data(), "")
    see.fails("mixed", "Internal", "error transcoding payload: cannot encode mixed-key table: table has both numeric and non-numeric keys",
        payload.new({ 1, a = 2 }):transcode("json/plain"))
    see.raises("receiver", "bad argument #1 to 'data' (payload expected, got number)", p.data, 1)
end

local function variables()
    local get, set = env.get, env.set
    see.results("router", { "eu", n = 2 }, get("REGION"))
    see.results("by id", { "eu", n = 2 }, get("app:region"))
    see.results("by name in the namespace", { "eu", n = 2 }, get("region"))
    see.results("default", { "3", n = 2 }, get("limit"))
    see.fails("undeclared", "NotFound", "environment variable not found", get("HOME"))
    see.fails("empty value", "NotFound", "environment variable not found", get("EMPTY"))
    see.fails("empty key", "Invalid", "empty key", get(""))
    see.fails("set empty key", "Invalid", "empty key", set("", "x"))
    see.results("set", { true, n = 2 }, set("REGION", "us"))
    see.results("was set", { "us", n = 2 }, get("REGION"))
    see.results("a number", { true, n = 2 }, set("limit", 5))
    see.results("its text", { "5", n = 2 }, get("limit"))
    see.fails("read-only", "PermissionDenied", "environment variable is read-only", set("FROZEN", "x"))
    see.fails("storage", "PermissionDenied", "storage is read-only", set("EMPTY", "x"))
    see.fails("set undeclared", "NotFound", "environment variable not found", set("HOME", "x"))
    see.raises("get(nil)", "bad argument #1 to 'get' (string expected, got nil)", get, nil)
    see.raises("set(k)", "bad argument #2 to 'set' (string expected, got no value)", set, "REGION")
    local all, err = env.get_all()
    see.equal("all", all.FROZEN, "ice")
    see.equal("no error", err, nil)
end

local function bus()
    local subscribe, send = events.subscribe, events.send
    see.fails("no system", "Invalid", "system pattern is required", subscribe(""))
    see.raises("subscribe()", "bad argument #1 to 'subscribe' (string expected, got no value)", subscribe)
    see.raises("subscribe(1, {})", "bad argument #2 to 'subscribe' (string expected, got table)", subscribe, "a", {})
    see.fails("system", "Invalid", "system is required", send("", "k", "p"))
    see.fails("kind", "Invalid", "kind is required", send("s", "", "p"))
    see.fails("path", "Invalid", "path is required", send("s", "k", ""))
    see.raises("send(s, k)", "bad argument #3 to 'send' (string expected, got no value)", send, "s", "k")
    local sub, err = subscribe("orders.*")
    see.equal("no error", err, nil)
    see.equal("text", tostring(sub), "events.Subscription{}")
    see.equal("channel", sub:channel(), sub:channel())
    see.results("send", { true, n = 2 }, send("orders.a.b", "k", "p"))
    send("orders", "k", "p")
    send("orders.", "k", "p", { 1, x = 2 })
    local event = sub:channel():receive()
    see.results("event", { "orders.a.b", "k", "p", nil, n = 4 }, event.system, event.kind, event.path, event.data)
    event = sub:channel():receive()
    see.equal("prefix", event.system, "orders.")
    see.results("data", { 1, 2 }, event.data[1], event.data.x)
    local cyclic = {}
    cyclic.own = cyclic
    see.fails("a cycle", "Invalid", "cannot send recursively nested tables", send("orders.x", "k", "p", cyclic))
    see.fails("a deeper one", "Invalid", "cannot send recursively nested tables", send("orders.x", "k", "p", { { a = cyclic } }))
    local shared = {}
    see.results("shared is no cycle", { true, n = 2 }, send("orders.x", "k", "p", { shared, shared }))
    event = sub:channel():receive()
    see.equal("shared still", event.data[1], event.data[2])
    local second = subscribe("*", "k")
    send("orders.y", "k", "p")
    see.equal("both", sub:channel():receive().system, second:channel():receive().system)
    for n = 1, 100 do
        send("orders.z", "k", "p", n)
    end
    see.results("close", { true }, sub:close())
    see.results("close again", { true }, sub:close())
    local count = 0
    while select(2, sub:channel():receive()) do
        count = count + 1
    end
    see.equal("buffered", count <= 64, true)
    see.equal("not in the inbox", channel.select({ process.inbox():case_receive(), default = true }).default, true)
    second:close()
end

local function identifiers()
    local dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    see.results("v5", { "2ed6657d-e927-568b-95e1-2665a8aea6a2", n = 2 }, uuid.v5(dns, "www.example.com"))
    see.results("v3", { "5df41881-3aed-3515-88a7-2f4a814cf09e", n = 2 }, uuid.v3(dns, "www.example.com"))
    see.fails("names", "Invalid", "namespace and name must be strings", uuid.v5(dns, 1))
    see.fails("namespace", "Invalid", "invalid namespace UUID", uuid.v3("x", "y"))
    see.results("validate", { false, n = 2 }, uuid.validate(1))
    see.results("not one", { false, n = 2 }, uuid.validate("x"))
    for _, form in ipairs { dns, dns:upper(), "urn:uuid:" .. dns, "{" .. dns .. "}", (dns:gsub("-", "")) } do
        see.results(form, { true, n = 2 }, uuid.validate(form))
    end
    see.results("version", { 1, n = 2 }, uuid.version(dns))
    see.results("variant", { "RFC4122", n = 2 }, uuid.variant(dns))
    see.fails("version(1)", "Invalid", "input must be a string", uuid.version(1))
    see.fails("variant(x)", "Invalid", "invalid UUID format", uuid.variant("x"))
    local parsed = uuid.parse(dns)
    see.results("parse", { 1, "RFC4122", 886630433, "\0\xc0\x4f\xd4\x30\xc8" }, parsed.version, parsed.variant, parsed.timestamp, parsed.node)
    see.results("simple", { (dns:gsub("-", "")), n = 2 }, uuid.format(dns, "simple"))
    see.results("urn", { "urn:uuid:" .. dns, n = 2 }, uuid.format(dns, "urn"))
    see.results("standard", { dns, n = 2 }, uuid.format(dns:upper(), {}))
    see.fails("format", "Invalid", "unsupported format", uuid.format(dns, "x"))
    see.fails("format(1)", "Invalid", "input must be a string", uuid.format(1))
    for number, make in pairs { [1] = uuid.v1, [4] = uuid.v4, [7] = uuid.v7 } do
        see.equal("v" .. number, uuid.version((make())), number)
    end
end

local function bytes()
    see.results("encode", { "", n = 2 }, base64.encode(""))
    see.results("encode a", { "YQ==", n = 2 }, base64.encode("a"))
    see.fails("encode(1)", "Invalid", "string expected", base64.encode(1))
    see.results("decode", { "any carnal", n = 2 }, base64.decode("YW55\nIGNh\r\ncm5hbA=="))
    see.fails("decode(nil)", "Invalid", "string expected", base64.decode(nil))
    for text, at in pairs {
        ["YQ"] = 0, ["YQ="] = 3, ["Y"] = 0, ["Y*=="] = 1, ["YWJj*"] = 4, ["YWJj\n*"] = 5, ["YQ==YQ=="] = 4, ["="] = 0,
        ["YW=j"] = 2, ["YWJjYQ"] = 4, ["YWJj\nYQ"] = 5
    } do
        see.fails("decode " .. text, "Invalid", "illegal base64 data at input byte " .. at, base64.decode(text))
    end
    see.results("sha256", { "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", n = 2 }, hash.sha256("abc"))
    see.equal("raw", #hash.md5("abc", 1), 16)
    see.results("hmac", { "80070713463e7749b90c2dc24911e275", n = 2 },
        hash.hmac_md5("The quick brown fox jumps over the lazy dog", "key"))
    see.results("fnv32", { 0x050c5d7e, n = 2 }, hash.fnv32("a"))
    see.equal("fnv64", hash.fnv64("a"), 0xaf63bd4c8601b7be)
    see.fails("data", "Invalid", "data must be a string", hash.sha1(1))
    see.fails("hmac data", "Invalid", "data must be a string", hash.hmac_sha1(nil, "x"))
    see.fails("secret", "Invalid", "secret must be a string", hash.hmac_sha1("x", 1))
end

local function logs()
    see.equal("type", type(logger), "userdata")
    see.raises("info()", "bad argument #2 to 'info' (string expected, got no value)", logger.info, logger)
    see.raises("fields", "bad argument #3 to 'warn' (table expected, got nil)", logger.warn, logger, "x", nil)
    see.raises("with", "bad argument #2 to 'with' (table expected, got number)", logger.with, logger, 1)
    see.raises("named", "bad argument #2 to 'named' (name cannot be empty)", logger.named, logger, "")
    see.results("debug", {}, logger:debug(errors.new("as text")))
    see.equal("named", type(logger:named("a")), "userdata")
end

local function terminals()
    for _, name in ipairs { "write", "print", "eprint", "read", "readline", "raw", "flush" } do
        see.fails(name, "Unavailable", "no terminal context", io[name]())
    end
    see.equal("args", #io.args(), 0)
end

local function groups()
    see.fails("open('')", "Invalid", "resource id is required", pg.open(""))
    local _, err = pg.open("app:nothing")
    see.has("open", err, "failed to acquire pg scope: ")
    see.equal("kind", err:kind(), "Internal")
    _, err = pg.open("app:workers")
    see.has("another kind", err, "resource is not a pg scope: ")
    see.equal("its kind", err:kind(), "Invalid")
    local scope = pg.open("app:groups")
    see.equal("text", tostring(scope), "pg.Instance{app:groups}")
    for _, name in ipairs { "join", "leave" } do
        local f = scope[name]
        see.fails(name .. "()", "Invalid", "group name (string) or groups table required", f(scope))
        see.fails(name .. "(1)", "Invalid", "group name (string) or groups table required", f(scope, true))
        see.fails(name .. "('')", "Invalid", "group name is required", f(scope, ""))
        see.fails(name .. "({})", "Invalid", "groups table must not be empty", f(scope, {}))
    end
    see.fails("broadcast", "Invalid", "group name is required", scope:broadcast("", "t"))
    see.fails("broadcast topic", "Invalid", "topic is required", scope:broadcast("g", ""))
    local sub, found = scope:events()
    see.equal("nothing yet", next(found), nil)
    see.results("join", { true, n = 2 }, scope:join({ "a", "b" }))
    scope:join("a")
    see.equal("members", table.concat(scope:get_members("a"), " "), me .. " " .. me)
    see.equal("none", #scope:get_local_members("unknown"), 0)
    see.equal("groups", #scope:which_groups(), 2)
    local event = sub:channel():receive()
    see.results("event", { "pg", "member.joined", "a", "a", me }, event.system, event.kind, event.path, event.data.Group, event.data.PIDs[1])
    see.results("broadcast", { true, n = 2 }, scope:broadcast("b", "news", 5))
    local message = process.inbox():receive()
    see.results("news", { "news", me, 5 }, message:topic(), message:from(), message:payload():data())
    local watch, members, third = scope:monitor("b")
    see.results("monitor", { me, nil, n = 2 }, members[1], third)
    see.results("leave", { true, n = 2 }, scope:leave("b"))
    event = watch:channel():receive()
    see.results("left", { "member.left", "b" }, event.kind, event.path)
    see.results("close", { true }, watch:close())
    see.results("flush", { true }, sub:close({ flush = true }))
    see.results("flushed", { nil, false, n = 2 }, sub:channel():receive())
    see.results("release", { true }, scope:release())
    see.results("again", { true }, scope:release())
    see.equal("released", tostring(scope), "pg.Instance{app:groups, released}")
    see.fails("join after", "Invalid", "pg instance is released", scope:join("a"))
    see.fails("members after", "Invalid", "pg instance is released", scope:get_members("a"))
end

local function main()
    encoding()
    payloads()
    variables()
    bus()
    identifiers()
    bytes()
    logs()
    terminals()
    groups()
    return see.done()
end

return { main = main }
