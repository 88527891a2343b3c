//! The slots of every account: clients of one account share them.

use std::cell::RefCell;
use std::rc::Rc;

use crate::engine::Limits;

thread_local! {
    /// Those of accounts that have, or a moment ago had, a client in this process.
    static ACCOUNTS: RefCell<Vec<(String, Rc<RefCell<Limits>>)>> = const { RefCell::new(Vec::new()) };
}

/// So many accounts without a client are remembered at least: programs may make a client for every request they answer.
const REMEMBERED: usize = 256;
/// From so many on, the oldest is forgotten even if its windows are not over: memory is finite.
const MOST: usize = 8192;

/// The slots of the account called `name`.
#[inline(never)]
pub(super) fn limits_of(name: String, now: f64) -> Rc<RefCell<Limits>> {
    ACCOUNTS.with_borrow_mut(|accounts| {
        for (known, limits) in &*accounts {
            if *known == name {
                return Rc::clone(limits);
            }
        }
        let full = accounts.len() >= MOST;
        if accounts.len() >= REMEMBERED
            && let Some(idle) = accounts
                .iter()
                .position(|(_, limits)| Rc::strong_count(limits) == 1 && (full || limits.borrow_mut().idle(now)))
        {
            accounts.remove(idle);
        }
        let limits = Rc::default();
        accounts.push((name, Rc::clone(&limits)));
        limits
    })
}
