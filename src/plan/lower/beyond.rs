//! Sums beyond what a CPU or a volume counts: refused, as they would be cut.

use crate::model::{LONGEST_WORK, Layout};
use crate::plan::Plan;
use crate::scenario::{Code, Diagnostic};

const WORK: &str = "52 days of work on a core";
const PAGES: &str = "4,294,967,294 reads of pages";

/// The first statement or call of a layout that needs more than can be counted.
pub(in crate::plan) fn beyond(layout: &Layout, plan: &Plan) -> Vec<Diagnostic> {
    let program = &plan.program;
    let statements = program.statements.iter().filter_map(|statement| {
        let is_cut = statement.pages.iter().any(|part| part.count == u32::MAX);
        let most = if is_cut { PAGES } else { WORK };
        let works = statement.mean_cpu > LONGEST_WORK.seconds();
        (is_cut || works).then(|| (format!("`{}`", statement.label), most))
    });
    let calls = program.calls.iter().filter(|call| call.bytes_cpu > LONGEST_WORK.0);
    let calls = calls.map(|call| (format!("a call of `{}`", plan.entry_name(call.entry)), WORK));
    let diagnostic = statements.chain(calls).next().map(|(what, most)| {
        let message = format!(
            "in layout `{}` {what} needs more than {most}, the most at a time",
            *layout.name
        );
        let hint = "let it ask for fewer rows or smaller messages";
        Diagnostic::new(Code::OutOfRange, message, layout.name.span).hint(hint)
    });
    diagnostic.into_iter().collect()
}
