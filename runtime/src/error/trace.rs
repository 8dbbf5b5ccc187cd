//! Tracebacks: the places in Lua that an error came by on its way out.

use std::fmt;

use thin_vec::ThinVec;

use crate::error::Site;

/// The sites an uncaught error passed, innermost first.
#[derive(Clone, Default)]
pub struct Trace(pub ThinVec<&'static Site>);

impl Trace {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// `stack traceback:`, and a line for each site.
impl fmt::Display for Trace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("stack traceback:")?;
        for site in &self.0 {
            write!(formatter, "\n\t{}:{}: ", site.chunk.name, site.line)?;
            match site.function() {
                Some(("", first, _)) => write!(formatter, "in function <{}:{first}>", site.chunk.name)?,
                Some((name, ..)) => write!(formatter, "in function '{name}'")?,
                None => formatter.write_str("in main chunk")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Trace({} sites)", self.0.len())
    }
}

/// Where an error came by does not make it another one.
impl PartialEq for Trace {
    fn eq(&self, _: &Trace) -> bool {
        true
    }
}

impl Eq for Trace {}
