//! Variables that stay in memory. Wherever an error may leave a function its variables are dropped, and the
//! optimiser works out for each in which registers it is by then: variables times errors. In a long function
//! these would take most of a build.

use super::ir::{Binder, Block, Call, Ending, Expr, Stmt};
use super::walk;

/// A function in which more than so many variables are met by errors, each time counted, keeps them in memory.
const MOST: usize = 4000;

/// Variables that fewer errors meet stay as they are.
const FEW: usize = 40;

/// Keeps the variables of a function in memory, if there are many of them and many errors may leave it.
pub fn keep(parameters: Vec<String>, body: &mut Block) {
    let (errors, met) = visit(body, &mut |_, _, _| {});
    if met + parameters.len() * errors <= MOST {
        return;
    }
    visit(body, &mut |names, errors, behind| {
        if errors > FEW {
            behind.extend(names.iter().map(|name| kept(name)));
        }
    });
    body.splice(0..0, parameters.iter().map(|name| kept(name)));
}

/// What is told of a statement that declares variables: their names, how many errors meet them, and where
/// statements behind it are put, the last first.
type Declares<'a> = &'a mut dyn FnMut(&[String], usize, &mut Block);

/// Goes through a block from its end. How many errors may leave it, and how often they meet variables of it.
fn visit(block: &mut Block, declares: Declares) -> (usize, usize) {
    let (mut errors, mut met) = (0, 0);
    let mut backwards = Vec::with_capacity(block.len());
    for mut statement in std::mem::take(block).into_iter().rev() {
        let names = declared(&statement);
        if !names.is_empty() {
            met += names.len() * errors;
            declares(&names, errors, &mut backwards);
        }
        if matches!(statement, Stmt::Part(_)) {
            errors += 1;
            backwards.push(statement);
            continue;
        }
        let (heads, blocks) = walk::parts(&mut statement);
        errors += heads.into_iter().map(errors_of).sum::<usize>();
        for inner in blocks {
            let (own_errors, own_met) = visit(inner, declares);
            errors += own_errors;
            met += own_met;
        }
        backwards.push(statement);
    }
    backwards.reverse();
    *block = backwards;
    (errors, met)
}

/// The variables a statement declares whose values are its own.
fn declared(statement: &Stmt) -> Vec<String> {
    let binders: &[Binder] = match statement {
        Stmt::Let(_, Expr::Captured(_) | Expr::SharedUpvalue(_)) => &[],
        Stmt::Let(binder, _) => std::slice::from_ref(binder),
        Stmt::LetArray(binders, _) => binders,
        _ => &[],
    };
    binders.iter().filter(|binder| binder.name != "_").map(|binder| binder.name.clone()).collect()
}

/// How many errors an expression may end in.
fn errors_of(expr: &mut Expr) -> usize {
    if let Expr::Block(statements, value) = expr {
        return visit(statements, &mut |_, _, _| {}).0 + errors_of(value);
    }
    let own = matches!(expr, Expr::Call(call) if matches!(call.ending, Ending::At { .. } | Ending::Placed { .. } | Ending::Try));
    let (always, sometimes) = walk::operands(expr);
    usize::from(own) + always.into_iter().chain(sometimes).map(errors_of).sum::<usize>()
}

/// `in_memory(&name);`
fn kept(name: &str) -> Stmt {
    let args = vec![Expr::Name(name.to_owned()).borrowed()];
    Stmt::Eval(Expr::Call(Box::new(Call { path: "in_memory".to_owned(), args, ending: Ending::Nothing })))
}
