// A job as it is shown: how far it is, what can be done with it, and what went wrong.
import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../model/capabilities.js";
import { saveFile } from "../text/file.js";
import { moment, plural, wordsOf } from "../text/visible.js";
import { icon } from "../widgets/icons.js";
import { failureText, foreign, providerBadge, sentence } from "../widgets/parts.js";
import { duration } from "./eta.js";
import { logAsCsv, logAsJson } from "./export.js";
import { doneOf, type LogRow } from "./job.js";
import { progress } from "./parts.js";
import type { Run, RunState, Todo } from "./run.js";
import type { Runs } from "./runs.js";

const SHOWN = 100;

const WORDS: Record<RunState, string> = { running: "Running", pausing: "Pausing", paused: "Paused", elsewhere: "Runs in another tab", over: "Ended" };

/** Every job of a screen. */
export const runPanels = (runs: Runs, again: (title: string, todo: Todo) => void): TemplateResult => html`
  ${runs.failure ? html`<div class="notice" data-level="error" role="alert"><h2>${icon("error")}${runs.failure.title}</h2>${failureText(runs.failure)}</div>` : nothing}
  ${runs.all.map((run) => panel(runs, run, again))}
`;

function panel(runs: Runs, run: Run, again: (title: string, todo: Todo) => void): TemplateResult {
  const { head, counts, state } = run;
  const done = doneOf(counts);
  const id = `run-${head.id}`;
  const left = counts.total - done;
  const isHere = runs.isHere(head);
  const words = state === "over" && left === 0 ? "Done" : WORDS[state];
  return html`<section class="job" aria-labelledby=${id} data-state=${state}>
    <header class="job-head">
      <h2 id=${id} tabindex="-1">${foreign(head.title)}</h2>
      <span class="job-state" role="status">${words}</span>
      <time class="job-at" datetime=${new Date(head.at).toISOString()}>${moment(head.at)}</time>
    </header>
    ${progress(id, counts, html`${left > 0 && state !== "over" ? html`<span>at least ${duration(run.etaMs)} left</span>` : nothing}${left > 0 && state === "over" ? html`<span>${left.toLocaleString("en")} not done</span>` : nothing}`)}
    ${run.failure ? html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${run.failure.title}</h3>${failureText(run.failure)}</div>` : nothing}
    ${isHere || words === "Done" && counts.ok === done ? nothing : html`<p class="job-note">It was begun with another connection, and can be ${state === "over" ? "repeated" : "gone on with"} there only.</p>`}
    ${run.missing.length > 0 && state !== "over" ? secrets(run) : nothing}
    <div class="job-tools">${tools(runs, run, isHere)}</div>
    ${problems(run, isHere, again)}
  </section>`;
}

function tools(runs: Runs, run: Run, isHere: boolean): TemplateResult {
  const { state, head, log } = run;
  const canGoOn = isHere && run.missing.length === 0;
  const name = `${head.screen}-${new Date(head.at).toISOString().slice(0, 19).replaceAll(":", "")}`;
  return html`
    ${state === "running" || state === "pausing" ? html`<button type="button" class="button" aria-disabled=${state === "pausing" ? "true" : nothing} @click=${() => run.pause()}>Pause</button>` : nothing}
    ${state === "paused" || state === "elsewhere"
      ? html`<button type="button" class="button primary" aria-disabled=${canGoOn ? nothing : "true"} @click=${() => run.missing.length === 0 && void runs.resume(run)}>Resume</button>`
      : nothing}
    ${state === "running" || state === "paused" ? html`<button type="button" class="button danger" @click=${() => void run.stop()}>Stop</button>` : nothing}
    ${log.length > 0
      ? html`<button type="button" class="button" @click=${() => saveFile(`${name}.csv`, logAsCsv(log), "text/csv")}>Log as CSV</button>
          <button type="button" class="button" @click=${() => saveFile(`${name}.json`, logAsJson(log), "application/json")}>Log as JSON</button>`
      : nothing}
    ${state === "over" ? html`<button type="button" class="button" @click=${() => void runs.forget(run)}>Dismiss</button>` : nothing}
  `;
}

/** What was not stored is asked for again. */
function secrets(run: Run): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const inputs = [...(event.currentTarget as HTMLFormElement).querySelectorAll("input")];
    const empty = inputs.find(({ value }) => !value);
    if (empty) return empty.focus();
    inputs.forEach(({ value }, at) => run.give(run.missing[at]!, value));
    run.given();
  };
  return html`<form class="job-secrets" @submit=${submit}>
    <p>Secrets are not stored. To go on, type them again:</p>
    <div class="secret-fields">${run.missing.map(({ entry, keys }, at) => {
      const id = `secret-${run.head.id}-${at}`;
      const { label, provider } = run.entries[entry]!;
      return html`<div class="field">
        <label class="label" for=${id}>${wordsOf(keys.at(-1)!)} of ${foreign(label)} <span class="required">${brand(provider)}</span></label>
        <input class="input mono" id=${id} type="password" autocomplete="off" spellcheck="false" required />
      </div>`;
    })}</div>
    <button type="submit" class="button">Use these</button>
  </form>`;
}

/** What failed, and what may have happened: the latter is repeated only if somebody says so. */
function problems(run: Run, isHere: boolean, again: (title: string, todo: Todo) => void): TemplateResult | typeof nothing {
  const rows = run.log.filter(({ outcome }) => outcome !== "ok");
  const { failed, unknown } = run.counts;
  if (rows.length === 0) return nothing;
  const isAtRest = run.state === "over" && isHere;
  return html`<details class="more job-problems">
    <summary>${failed > 0 ? plural(failed, "failed call", "failed calls") : ""}${failed > 0 && unknown > 0 ? ", " : ""}${unknown > 0 ? `${unknown.toLocaleString("en")} that may have happened` : ""}</summary>
    <div class="job-table">
      ${isAtRest && failed > 0 ? html`<button type="button" class="button" @click=${() => again(`${run.head.title}, what failed`, run.again("failed"))}>Repeat what failed</button>` : nothing}
      ${isAtRest && unknown > 0 ? html`<button type="button" class="button" @click=${() => again(`${run.head.title}, what may have happened`, run.again("unknown"))}>Repeat what may have happened</button>` : nothing}
      <ul class="job-rows">${rows.slice(0, SHOWN).map(problem)}</ul>
      ${rows.length > SHOWN ? html`<p class="job-note">${(rows.length - SHOWN).toLocaleString("en")} more are in the log.</p>` : nothing}
    </div>
  </details>`;
}

const problem = ({ provider, operation, label, outcome, status, message, requestId }: LogRow): TemplateResult => html`<li>
  <span class="job-row-head">${providerBadge(provider)} <code>${operation}</code> <b>${foreign(label)}</b> <span data-outcome=${outcome}>${outcome}${status === undefined ? "" : ` (${status})`}</span></span>
  ${message ? html`<span class="job-message">${sentence(message)}</span>` : nothing}
  ${requestId ? html`<span class="job-message">Request id <code>${foreign(requestId)}</code></span>` : nothing}
</li>`;
