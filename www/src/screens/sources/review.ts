// What saving would do, before it is done: each field, what follows from it, and the exact request.
import { html, nothing, type TemplateResult } from "lit";
import type { Draft } from "../../forms/draft.js";
import { isSwitch } from "../../forms/values.js";
import { operation } from "../../model/capabilities.js";
import { plural, visible, wordsOf } from "../../text/visible.js";
import type { Prepared, Problem, ProviderName } from "../../types.js";
import { diffTable } from "../../widgets/diff-table.js";
import { icon } from "../../widgets/icons.js";
import { sentence } from "../../widgets/parts.js";
import { type Change, changesOf } from "./diff.js";
import "./request-preview.js";

const CACHED = "Images that are cached look as before until they expire or are purged; you can purge them afterwards.";

export function review(draft: Draft, version: number, warnings: readonly Problem[], prepare: (provider: ProviderName, input: object) => Promise<Prepared>): TemplateResult {
  const changes = changesOf(draft);
  const isEdit = draft.purpose === "edit";
  return html`<section class="review" aria-labelledby="review-heading">
    <h3 id="review-heading" tabindex="-1">${isEdit ? plural(changes.length, "change") : plural(changes.length, "value")} to send</h3>
    ${diffTable(changes.map(({ leaf: { field }, before, after }) => ({ name: field.name, path: field.path, before, after })), isEdit ? { before: "Now", after: "Then" } : { after: "Value" })}
    ${consequences(draft, changes, warnings)}
    <request-preview .draft=${draft} .version=${version} .prepare=${prepare} .isOpen=${true}></request-preview>
  </section>`;
}

/** What the provider says of the operation and of these fields, and what our checks warn of. */
function consequences(draft: Draft, changes: readonly Change[], warnings: readonly Problem[]): TemplateResult {
  const isEdit = draft.purpose === "edit";
  const whole = operation(draft.provider, isEdit ? "sources.update" : "sources.create")?.help;
  const isServed = isEdit && changes.some(({ leaf }) => leaf.group);
  // What a list loses or a switch does is told by the field's own words.
  const lost = isEdit ? changes.filter(({ before, leaf: { field } }) => field.help && (isSwitch(field) || (field.kind === "strings" && before.some(({ isNews }) => isNews)))) : [];
  return html`<div class="notice" data-level="warning">
    <h4>${icon("warn")}Before you send this</h4>
    <ul class="consequences">
      ${whole ? html`<li>${sentence(whole)}</li>` : nothing}
      ${isServed ? html`<li>${CACHED}</li>` : nothing}
      ${lost.map(({ leaf: { field } }) => html`<li><b>${wordsOf(field.name)}</b>: ${sentence(field.help!)}</li>`)}
      ${warnings.map(({ field, message }) => html`<li><b>${wordsOf(visible(field.split(".").at(-1) ?? ""))}</b>: ${sentence(message)}</li>`)}
    </ul>
  </div>`;
}
