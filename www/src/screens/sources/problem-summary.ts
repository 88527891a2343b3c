import { html, nothing, type TemplateResult } from "lit";
import type { Leaf } from "../../forms/fields.js";
import { type Sorted, wordsOfProblem } from "../../forms/problems.js";
import { plural, wordsOf } from "../../text/visible.js";
import type { Failure } from "../../types.js";
import { fieldId } from "../../widgets/form-field.js";
import { failureText, sentence } from "../../widgets/parts.js";

/** All that keeps a form from being saved, with a way to each field. Takes the focus when saving was tried. */
export function problemSummary(failure: Failure | undefined, sorted: Sorted, leaves: readonly Leaf[], jump: (leaf: Leaf) => void): TemplateResult | typeof nothing {
  const order = (path: string) => leaves.findIndex(({ field }) => field.path === path);
  const errors = [...sorted]
    .sort(([a], [b]) => order(a) - order(b))
    .flatMap(([path, problems]) => problems.filter(({ level }) => level === "error").map((problem) => ({ path, problem })));
  if (errors.length === 0 && !failure) return nothing;
  const items = errors.map(({ path, problem }) => {
    const leaf = leaves.find(({ field }) => field.path === path);
    const words = sentence(wordsOfProblem(problem, path));
    if (!leaf) return failure ? nothing : html`<li>${words}</li>`;
    const go = (event: Event) => {
      event.preventDefault();
      jump(leaf);
    };
    return html`<li><a href="#${fieldId(leaf)}" @click=${go}>${wordsOf(leaf.field.name)}: ${words}</a></li>`;
  });
  return html`<div class="summary" tabindex="-1" role="group" aria-labelledby="summary-heading">
    <h3 id="summary-heading">${failure ? failure.title : `Not saved: ${plural(errors.length, "problem")}`}</h3>
    ${failure ? failureText(failure) : nothing}
    <ul>${items}</ul>
  </div>`;
}
