//! Clients: a class per provider, an interface per group of methods.

use image_sources::PROVIDERS;
use image_sources::proto::error::Class;
use image_sources::proto::operation::{Answer, Operation, Provider, Resource};

use super::object::{Side, name};
use super::options::{client_name, options_name};
use super::text::{comment, pascal, union};
use crate::reference::{rate, retry};

/// Every class and every interface.
pub(super) fn declarations() -> String {
    PROVIDERS.iter().map(|provider| client(provider)).collect::<Vec<_>>().join("\n")
}

fn client(provider: &Provider) -> String {
    let class = client_name(provider.source);
    let (mut names, mut members, mut groups) = (Vec::new(), String::new(), String::new());
    for resource in provider.resources {
        if is_group(resource) {
            let group = class.to_owned() + &pascal(resource.name);
            names.push(resource.name);
            members += &[&comment("  ", resource.help), "  readonly ", resource.name, ": ", &group, ";\n"].concat();
            let opening = ["\n", &comment("", resource.help), "export interface ", &group, " {\n"].concat();
            groups += &[&opening, methods(provider, resource).as_str(), "}\n"].concat();
        } else {
            names.extend(resource.operations.iter().map(|operation| last(operation)));
            members += &methods(provider, resource);
        }
    }
    let about = comment("", &format!("The {}.\n\n@see {}", provider.title, provider.docs));
    let options = options_name(provider.source);
    format!(
        "{about}export class {class} {{\n  \
           /** Throws {{@link {invalid}}} for options that cannot be right. */\n  \
           constructor(options: {options});\n\
         {members}  \
           /** The same methods, but they only give the request they would send, with its secrets masked. */\n  \
           readonly dryRun: DryRun<Pick<{class}, {names}>>;\n\
         }}\n{groups}",
        invalid = Class::Invalid.name(),
        names = union(names),
    )
}

/// Do its methods stand in a group of their own?
fn is_group(resource: &Resource) -> bool {
    resource.operations.iter().all(|operation| operation.name.contains('.'))
}

/// The method's own name.
fn last(operation: &Operation) -> &'static str {
    operation.name.rsplit('.').next().unwrap_or(operation.name)
}

fn methods(provider: &Provider, resource: &Resource) -> String {
    let method = |operation: &Operation| comment("  ", &about(provider, operation)) + &signature(operation);
    resource.operations.iter().map(method).collect::<Vec<_>>().join("\n")
}

fn signature(operation: &Operation) -> String {
    let mut parameters: Vec<_> = operation.parameters().map(|name| format!("{name}: string")).collect();
    if let Some((table, updating)) = operation.input.table() {
        let (parameter, side) = if updating { ("changes", Side::Changes) } else { ("input", Side::Create) };
        parameters.push(format!("{parameter}: {}", name(table, side)));
    }
    parameters.push(format!("options?: {}", operation.options.name));
    let answer = match operation.answer {
        Answer::One(table) => format!("Promise<{}>", table.name),
        Answer::List(table) => format!("Listing<{}>", table.name),
        Answer::Nothing => "Promise<void>".to_owned(),
    };
    format!("  {}({}): {answer};\n", last(operation), parameters.join(", "))
}

fn about(provider: &Provider, operation: &Operation) -> String {
    format!(
        "{}\n\n- `{} /{}`\n- permission: {}\n- rate class: `{}`, {}\n- {}\n- rejects with {}, or as any call may\n\n@see {}",
        operation.help,
        operation.method,
        operation.path,
        operation.permission,
        operation.rate_class,
        rate(provider, operation.rate_class),
        retry(operation.retry),
        rejections(operation),
        provider.docs,
    )
}

/// The errors that this operation meets rather than another.
fn rejections(operation: &Operation) -> String {
    let found = operation.parameters().next().is_some().then_some(Class::NotFound);
    let declined = operation.input.table().map(|_| Class::Declined);
    let classes = [Some(Class::Invalid), found, declined].into_iter().flatten();
    let names: Vec<_> = classes.map(|class| format!("`{}`", class.name())).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
