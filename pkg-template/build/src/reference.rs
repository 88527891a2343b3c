pub(crate) fn operations() -> String { String::new() }
