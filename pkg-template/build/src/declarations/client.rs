//! Clients: a class per provider, an interface per group of methods.

use image_sources::PROVIDERS;
use image_sources::proto::error::Class;
use image_sources::proto::operation::{Answer, Input, Operation, Provider, Resource, To};

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
            members += &[&comment("  ", resource.help), "  readonly ", resource.name, ": ", &group, ";\n\n"].concat();
            let opening = ["\n", &comment("", resource.help), "export interface ", &group, " {\n"].concat();
            groups += &[&opening, methods(provider, resource).as_str(), "}\n"].concat();
        } else {
            names.extend(resource.operations.iter().map(last));
            members += &methods(provider, resource);
            members.push('\n');
        }
    }
    let several: Vec<_> = provider.operations().filter(|operation| operation.several()).map(last).collect();
    let given = format!("Pick<{class}, {}>", union(names));
    let dry = if several.is_empty() { given } else { format!("\n    {given},\n    {}\n  ", union(several)) };
    let about = comment("", &format!("The {}.\n\n@see {}", provider.title, provider.docs));
    let options = options_name(provider.source);
    format!(
        "{about}export class {class} {{\n  \
           /** Throws {{@link {invalid}}} for options that cannot be right. */\n  \
           constructor(options: {options});\n\n\
         {members}  \
           /** The same methods, but they only give the request they would send, with its secrets masked. */\n  \
           readonly dryRun: DryRun<{dry}>;\n\
         }}\n{groups}",
        invalid = Class::Invalid.name(),
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
    if matches!(operation.input, Input::Bytes) {
        parameters.push("body: UploadBody".to_owned());
    }
    parameters.push(format!("options?: {}", operation.options.name));
    let answer = match operation.answer {
        Answer::One(table) => format!("Promise<{}>", table.name),
        Answer::Maybe(table) => format!("Promise<{} | null>", table.name),
        Answer::List(table) => format!("Listing<{}>", table.name),
        Answer::Receipt(_) => "Promise<{ id?: string; alreadyQueued: boolean }>".to_owned(),
        Answer::Nothing => "Promise<void>".to_owned(),
    };
    format!("  {}({}): {answer};\n", last(operation), parameters.join(", "))
}

fn about(provider: &Provider, operation: &Operation) -> String {
    let host = if operation.to == To::Images { ", on the image host" } else { "" };
    let asked = if operation.to == To::Given {
        format!("- `{} {}`, without the key and without headers of yours\n", operation.method, operation.path)
    } else {
        format!(
            "- `{} /{}`{host}\n- permission: {}\n- rate class: `{}`, {}\n",
            operation.method,
            operation.path,
            operation.permission,
            operation.rate_class,
            rate(provider, operation.rate_class),
        )
    };
    let polled = operation.poll.map(|poll| {
        let every = number(poll.interval_ms);
        format!(
            "- asks every {every} ms until `{}` is `{}`, unless `intervalMs` says otherwise\n",
            poll.field, poll.done
        )
    });
    let patience = operation.patience.map(|(timeout, deadline)| {
        let (timeout, deadline) = (number(timeout), number(deadline));
        format!(
            "- one attempt may take {timeout} ms and the whole call {deadline} ms, unless an option says otherwise\n"
        )
    });
    format!(
        "{}\n\n{asked}- {}\n{}{}- rejects with {}, or as any call may\n\n@see {}",
        operation.help,
        retry(operation.retry),
        polled.unwrap_or_default(),
        patience.unwrap_or_default(),
        rejections(operation),
        provider.docs,
    )
}

/// A number as TypeScript writes it: `30_000`.
fn number(value: u32) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// The errors that this operation meets rather than another.
fn rejections(operation: &Operation) -> String {
    let found = operation.parameters().next().is_some().then_some(Class::NotFound);
    let declined = operation.writes().then_some(Class::Declined);
    let classes = [Some(Class::Invalid), found, declined].into_iter().flatten();
    let names: Vec<_> = classes.map(|class| format!("`{}`", class.name())).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_elsewhere_says_so_and_what_asks_several_times_has_no_dry_run() {
        let printed = declarations();

        assert!(
            printed.contains("   * - `PUT {url}`, without the key and without headers of yours\n   * - sent again")
        );
        assert!(
            printed.contains(
                "  put(url: string, body: UploadBody, options?: ImgixUploadSessionOptions): Promise<void>;\n"
            )
        );
        assert!(printed.contains("    \"waitUntilDeployed\" | \"waitUntilComplete\"\n  >;\n"));
        assert!(printed.contains("dryRun: DryRun<Pick<ImageBoss, \"sources\" | \"purge\">>;"));
    }

    #[test]
    fn a_method_takes_its_parameters_then_its_input_then_its_options() {
        let printed = declarations();

        for signature in [
            "  upload(sourceId: string, path: string, body: UploadBody, options?: ImgixUploadOptions): Promise<ImgixAsset | null>;",
            "  purge(url: string, options?: ImgixPurgeOptions): Promise<{ id?: string; alreadyQueued: boolean }>;",
            "  purge(source: string, path: string, options?: ReadOptions): Promise<void>;",
        ] {
            assert!(printed.contains(signature), "{signature}");
        }
    }

    #[test]
    fn long_numbers_are_divided() {
        assert_eq!([0, 999, 1_000, 1_800_000].map(number), ["0", "999", "1_000", "1_800_000"]);
    }
}
