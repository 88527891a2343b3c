// How far a job is, whoever does it.
import { html, type TemplateResult } from "lit";
import { plural } from "../text/visible.js";
import { type Counts, doneOf } from "./job.js";

/** `id` is that of its heading; `more` is said behind the counts. */
export const progress = (id: string, counts: Counts, more: unknown): TemplateResult => html`
  <progress max=${counts.total} .value=${doneOf(counts)} aria-labelledby=${id}></progress>
  <p class="job-counts numbers">
    <b>${doneOf(counts).toLocaleString("en")}</b> of ${plural(counts.total, "call")}
    <span data-outcome="ok">${counts.ok.toLocaleString("en")} ok</span>
    <span data-outcome="failed">${counts.failed.toLocaleString("en")} failed</span>
    <span data-outcome="unknown">${counts.unknown.toLocaleString("en")} unknown</span>
    ${more}
  </p>`;
