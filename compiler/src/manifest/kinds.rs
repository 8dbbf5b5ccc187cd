//! Every kind of the format, and what this compiler makes of it.

use super::model::{Kind, Storage};

/// What is known about a kind.
#[derive(Clone, Copy, Debug)]
pub struct KindInfo {
    pub name: &'static str,
    /// What the compiler makes of it; `None`: the format has it, this compiler does not yet.
    pub kind: Option<Kind>,
    pub role: Role,
}

/// What other entries can use an entry of the kind for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It can be run by a service.
    Process,
    /// It can run processes, and is a service itself.
    Host,
    /// It is started, watched and stopped.
    Service,
    /// It can be imported.
    Library,
    /// It keeps environment variables.
    Storage,
    Other,
}

const fn supported(name: &'static str, kind: Kind, role: Role) -> KindInfo {
    KindInfo { name, kind: Some(kind), role }
}

const fn known(name: &'static str, role: Role) -> KindInfo {
    KindInfo { name, kind: None, role }
}

/// To support a kind, give it a [`Kind`] here and a decoder in `decode`.
pub const KINDS: [KindInfo; 60] = [
    supported("registry.entry", Kind::Data, Role::Other),
    supported("ns.definition", Kind::Data, Role::Other),
    supported("ns.requirement", Kind::Data, Role::Other),
    supported("ns.dependency", Kind::Data, Role::Other),
    supported("process.lua", Kind::ProcessLua, Role::Process),
    supported("library.lua", Kind::LibraryLua, Role::Library),
    supported("function.lua", Kind::FunctionLua, Role::Other),
    supported("process.host", Kind::ProcessHost, Role::Host),
    supported("terminal.host", Kind::TerminalHost, Role::Host),
    supported("process.service", Kind::ProcessService, Role::Service),
    supported("pg.scope", Kind::Scope, Role::Service),
    supported("env.storage.os", Kind::Storage(Storage::Other), Role::Storage),
    supported("env.storage.memory", Kind::Storage(Storage::Other), Role::Storage),
    supported("env.storage.file", Kind::Storage(Storage::File), Role::Storage),
    supported("env.storage.static", Kind::Storage(Storage::Fixed), Role::Storage),
    supported("env.storage.router", Kind::Storage(Storage::Router), Role::Storage),
    supported("env.variable", Kind::Variable, Role::Other),
    known("workflow.lua", Role::Process),
    known("function.lua.bc", Role::Other),
    known("library.lua.bc", Role::Library),
    known("process.lua.bc", Role::Process),
    known("workflow.lua.bc", Role::Process),
    known("function.wasm", Role::Other),
    known("function.wat", Role::Other),
    known("process.wasm", Role::Process),
    known("http.service", Role::Service),
    known("http.router", Role::Other),
    known("http.endpoint", Role::Other),
    known("http.static", Role::Other),
    known("db.sql.sqlite", Role::Service),
    known("db.sql.postgres", Role::Service),
    known("db.sql.mysql", Role::Service),
    known("db.cdc.postgres", Role::Other),
    known("store.memory", Role::Service),
    known("store.sql", Role::Service),
    known("store.kv.raft", Role::Service),
    known("store.kv.crdt", Role::Service),
    known("queue.driver.memory", Role::Service),
    known("queue.driver.amqp", Role::Service),
    known("queue.driver.sqs", Role::Service),
    known("queue.queue", Role::Other),
    known("queue.consumer", Role::Service),
    known("config.aws", Role::Other),
    known("cloudstorage.s3", Role::Other),
    known("fs.directory", Role::Other),
    known("fs.embed", Role::Other),
    known("exec.native", Role::Other),
    known("exec.docker", Role::Other),
    known("template.set", Role::Other),
    known("template.jet", Role::Other),
    known("contract.definition", Role::Other),
    known("contract.binding", Role::Other),
    known("security.policy", Role::Other),
    known("security.policy.expr", Role::Other),
    known("security.token_store", Role::Other),
    known("network.socks5", Role::Other),
    known("network.i2p", Role::Other),
    known("network.tailscale", Role::Other),
    known("temporal.client", Role::Service),
    known("temporal.worker", Role::Service),
];

pub fn find(name: &str) -> Option<&'static KindInfo> {
    KINDS.iter().find(|kind| kind.name == name)
}
