//! The units that a unit imports: each is run once per process, before the unit itself.

use super::Cx;
use crate::error::LuaResult;
use crate::held::with;
use crate::value::Value;

impl Cx {
    /// The value an imported unit returned; the unit is run now if this process has not yet.
    ///
    /// # Errors
    /// What the unit raises.
    pub fn import(self, id: &'static str, chunk: fn(Cx) -> LuaResult<crate::results::Multi>) -> LuaResult {
        let imports = &self.context().imports;
        let known = with(imports, |imports| {
            imports.iter().find(|(own, _)| *own == id).map(|(_, value)| value.clone())
        });
        if let Some(value) = known {
            return Ok(value);
        }
        let value = crate::ops::tail::settle(self, chunk(self))?.first();
        with(imports, |imports| imports.push((id, value.clone())));
        Ok(value)
    }

    /// Runs an imported unit before the unit that imports it, as `alias`.
    ///
    /// # Errors
    /// `failed to load dependency ALIAS: CAUSE`, without a position.
    pub fn load(
        self,
        alias: &str,
        id: &'static str,
        chunk: fn(Cx) -> LuaResult<crate::results::Multi>,
    ) -> LuaResult<()> {
        self.loaded(alias, id, chunk).map(drop)
    }

    /// As [`Cx::load`], where imports are globals as well.
    ///
    /// # Errors
    /// As [`Cx::load`].
    pub fn load_shared(
        self,
        alias: &str,
        id: &'static str,
        chunk: fn(Cx) -> LuaResult<crate::results::Multi>,
    ) -> LuaResult<()> {
        self.share(alias, self.loaded(alias, id, chunk)?);
        Ok(())
    }

    fn loaded(
        self,
        alias: &str,
        id: &'static str,
        chunk: fn(Cx) -> LuaResult<crate::results::Multi>,
    ) -> LuaResult {
        self.import(id, chunk).map_err(|thrown| {
            let cause = self.catch(thrown);
            let mut text = format!("failed to load dependency {alias}: ").into_bytes();
            text.extend(crate::ops::text::plain(&cause));
            self.throw(text.into())
        })
    }

    /// Puts an import or a module that a unit lists into the global table.
    pub fn share(self, name: &str, value: Value) {
        if let Some(globals) = self.global_table().as_table() {
            globals.set_text(name, value);
        }
    }
}
