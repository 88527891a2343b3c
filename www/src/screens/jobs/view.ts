// The screen as a function of its state.
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { type EdgeItem, type EdgeJob, labelOf } from "../../gateway/jobs.js";
import { duration } from "../../jobs/eta.js";
import { doneOf } from "../../jobs/job.js";
import { progress } from "../../jobs/parts.js";
import { known, textOf } from "../../text/given.js";
import { moment, plural, visible } from "../../text/visible.js";
import { moveByArrows } from "../../widgets/arrows.js";
import { icon, type IconName } from "../../widgets/icons.js";
import { follow, linkTo } from "../../widgets/link.js";
import { failureText, foreign, providerBadge, sentence } from "../../widgets/parts.js";
import type { Jobs, Problems } from "./jobs.js";

const WORDS: Record<EdgeJob["state"], string> = { planned: "planned", running: "running", paused: "paused", done: "done", cancelled: "cancelled" };
const ICONS: Record<EdgeJob["state"], IconName> = { planned: "list", running: "reload", paused: "minus", done: "check", cancelled: "close" };

export function view(jobs: Jobs): TemplateResult {
  jobs.sync();
  const { all, failure, isSlow, opened, app, isThere } = jobs;
  if (!isThere) return absent(jobs);
  return html`<main class="page" data-open=${opened ? "details" : "list"}>
    <div class="list-side">
      <div class="title-row"><h1 tabindex="-1">Jobs</h1><p class="shown" role="status">${all && all.length > 0 ? plural(all.length, "job") : ""}</p></div>
      <p class="lead">They run at the gateway, and go on when this page is closed. Begin one under ${linkTo(app, "Bulk", {}, { view: "bulk" })}.</p>
      ${failure
        ? html`<div class="notice" data-level="error" role="alert"><h2>${icon("error")}${failure.title}</h2>${failureText(failure)}
            ${all ? html`<p>What is shown is what was known before.</p>` : nothing}
            <button type="button" class="button" data-action="retry" @click=${jobs.look}>Retry</button></div>`
        : nothing}
      ${all ? (all.length > 0 ? table(jobs, all) : empty) : failure ? nothing : isSlow ? bones : nothing}
    </div>
    ${opened ? details(jobs) : nothing}
  </main>`;
}

const absent = ({ app: { connection } }: Jobs): TemplateResult => html`<main class="page"><div class="list-side"><h1>Jobs</h1>
  <div class="empty"><p class="empty-title">There are no jobs here</p><p>A gateway runs them. ${connection.gateway ? html`This one runs none: its deployment has no <code>JOBS</code>.` : `This page is connected to ${connection.to}.`}</p></div>
</div></main>`;

const empty = html`<div class="empty"><p class="empty-title">The gateway has no jobs</p><p>Give many things to the gateway under Bulk: it does them at the pace of the limits, for hours if need be.</p></div>`;

const bones = html`<div class="skeleton" role="status" aria-label="Loading the jobs">${Array.from({ length: 4 }, () => html`<div class="bone"></div>`)}</div>`;

const stateBadge = (job: EdgeJob): TemplateResult => html`<span class="outcome-badge" data-job-state=${job.state}>${icon(known(ICONS, job.state) ?? "help")}${known(WORDS, job.state) ?? visible(textOf(job.state))}</span>`;

function table(jobs: Jobs, all: readonly EdgeJob[]): TemplateResult {
  const { app, opened } = jobs;
  return html`<table class="entries" role="table" @keydown=${moveByArrows}>
    <caption class="visually-hidden">Jobs of the gateway</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" class="col-when">Created (UTC)</th><th scope="col" role="columnheader" class="col-what">Operation</th><th scope="col" role="columnheader" class="col-bar">Progress</th><th scope="col" role="columnheader" class="col-who">By</th><th scope="col" role="columnheader" class="col-outcome">State</th></tr></thead>
    <tbody role="rowgroup">${repeat(
      all,
      ({ id }) => id,
      (job) => html`<tr role="row" data-job=${job.id} class=${job.id === opened ? "selected" : nothing}>
        <td role="cell" class="col-when numbers">${moment(job.created).replace(" UTC", "")}</td>
        <th scope="row" role="rowheader" class="col-what"><span class="provider" data-provider=${textOf(job.provider)}><span class="provider-mark" aria-hidden="true"></span></span><a class="row-link" href=${app.href({ job: job.id })} aria-current=${job.id === opened ? "true" : nothing} @click=${follow(() => void jobs.open(job.id))}>${foreign(textOf(job.operation) || "?")}</a></th>
        <td role="cell" class="col-bar numbers"><progress max=${job.total} .value=${doneOf(job)} aria-label="Progress of ${visible(textOf(job.operation))}"></progress><span>${doneOf(job).toLocaleString("en")} of ${job.total.toLocaleString("en")}${job.failed > 0 ? html`, <span data-outcome="failed">${job.failed.toLocaleString("en")} failed</span>` : nothing}${job.unknown > 0 ? html`, <span data-outcome="unknown">${job.unknown.toLocaleString("en")} unknown</span>` : nothing}</span></td>
        <td role="cell" class="col-who">${foreign(textOf(job.by))}</td>
        <td role="cell" class="col-outcome">${stateBadge(job)}</td></tr>`,
    )}</tbody>
  </table>`;
}

function details(jobs: Jobs): TemplateResult {
  const { job, all, refusal } = jobs;
  return html`<section class="details entry-details" aria-labelledby="job-heading">
    <header class="details-head">
      ${job ? html`<div class="details-kind">${providerBadge(job.provider)}<span role="status">${stateBadge(job)}</span></div>` : nothing}
      <h2 id="job-heading" tabindex="-1">${job ? foreign(textOf(job.operation)) : "Job"}</h2>
      <button type="button" class="icon-button" aria-label="Close details" title="Close (Esc)" @click=${() => void jobs.close()}>${icon("close")}</button>
    </header>
    ${refusal ? html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${refusal.title}</h3>${failureText(refusal)}</div>` : nothing}
    ${job ? body(jobs, job) : html`<p class="prose" role="status">${all ? "There is no such job." : "Loading …"}</p>`}
  </section>`;
}

function body(jobs: Jobs, job: EdgeJob): TemplateResult {
  const left = job.planned + job.sent;
  const isOpen = job.state === "planned" || job.state === "running" || job.state === "paused";
  const time = job.etaMs > 0 ? `at least ${duration(job.etaMs)}` : "a moment";
  const more = html`${job.sent > 0 ? html`<span>${job.sent.toLocaleString("en")} under way</span>` : nothing}${left > 0 ? html`<span>${isOpen ? `${time}${job.state === "planned" ? " under the limits" : " left"}` : `${left.toLocaleString("en")} not done`}</span>` : nothing}`;
  const times: [string, number | null][] = [["Created", job.created], ["Started", job.started], ["Ended", job.ended]];
  return html`
    ${job.state === "planned" ? html`<p class="prose">Nothing has been sent yet. ${plural(job.total, "call")} will take ${time} under the limits of the account.</p>` : nothing}
    <div class="run-progress">${progress("job-heading", job, more)}</div>
    ${jobs.mayWrite ? html`<div class="actions">${tools(jobs, job)}</div>` : html`<p class="prose">This gateway lets you look at jobs, and not begin or end them.</p>`}
    <dl class="facts">
      <div><dt>By</dt><dd>${foreign(textOf(job.by))}</dd></div>
      ${times.map(([name, at]) => (typeof at === "number" ? html`<div><dt>${name}</dt><dd class="numbers">${moment(at)}</dd></div>` : nothing))}
      <div><dt>Limit</dt><dd class="mono">${visible(textOf(job.rateClass))}</dd></div>
      <div><dt>Id</dt><dd class="mono">${foreign(textOf(job.id))}</dd></div>
    </dl>
    ${jobs.app.connection.gateway?.offers.has("audit") ? html`<p class="help">${linkTo(jobs.app, "Who did what with it", { of: job.id }, { view: "audit" })}</p>` : nothing}
    ${job.failed + job.unknown > 0 ? problems(jobs, job, jobs.problems) : nothing}
    <section class="attributes"><h3>The journal</h3><p class="help">Every item with what became of it.</p>
      <div class="actions"><button type="button" class="button" data-action="csv" @click=${() => void jobs.export("csv")}>${icon("download")}CSV</button><button type="button" class="button" data-action="json" @click=${() => void jobs.export("json")}>${icon("download")}JSON</button></div>
      ${jobs.file.view()}
    </section>`;
}

function tools(jobs: Jobs, job: EdgeJob): TemplateResult {
  const button = (action: string, words: string, act: () => void, kind = "") => html`<button type="button" class="button ${kind}" data-action=${action} aria-disabled=${jobs.doing ? "true" : nothing} @click=${act}>${words}</button>`;
  switch (job.state) {
    case "planned":
      return html`${button("start", "Start …", jobs.start, "primary")}${button("cancel", "Discard", jobs.cancel, "danger")}`;
    case "running":
      return html`${button("pause", "Pause", jobs.pause)}${button("cancel", "Cancel …", jobs.cancel, "danger")}`;
    case "paused":
      return html`${button("resume", "Resume", jobs.resume, "primary")}${button("cancel", "Cancel …", jobs.cancel, "danger")}`;
    case "done":
      return html`${job.failed > 0 ? button("retry-failed", "Send the failed again", jobs.retryFailed) : nothing}${job.unknown > 0 ? button("retry-unknown", "Send the unknown again …", jobs.retryUnknown) : nothing}`;
    default:
      return html``;
  }
}

function problems(jobs: Jobs, job: EdgeJob, found: Problems | undefined): TemplateResult {
  const words = [job.unknown > 0 ? `${job.unknown.toLocaleString("en")} that may have happened` : "", job.failed > 0 ? plural(job.failed, "failed call", "failed calls") : ""].filter(Boolean).join(", ");
  const hidden = found ? found.count - found.rows.length : 0;
  // Another job's are folded, and read when somebody unfolds them.
  return html`${keyed(job.id, html`<details class="more job-problems" @toggle=${(event: Event) => jobs.toggleProblems((event.target as HTMLDetailsElement).open)}>
    <summary>${words}</summary>
    <div class="job-table">
      ${found?.failure ? html`<div class="notice" data-level="error" role="alert">${failureText(found.failure)}<button type="button" class="button" @click=${() => void jobs.readProblems()}>Retry</button></div>` : nothing}
      ${found?.isLoading ? html`<p class="job-note" role="status">Reading …</p>` : nothing}
      <ul class="job-rows">${found?.rows.map(problem)}</ul>
      ${hidden > 0 && !found?.isLoading && !found?.failure ? html`<p class="job-note">${hidden.toLocaleString("en")} more are in the journal.</p>` : nothing}
    </div>
  </details>`)}`;
}

const problem = (item: EdgeItem): TemplateResult => html`<li>
  <span class="job-row-head"><b>${foreign(labelOf(item))}</b> <span data-outcome=${item.state}>${item.state === "unknown" ? "may have happened" : "failed"}</span></span>
  ${item.error ? html`<span class="job-message">${sentence(textOf(item.error))}</span>` : nothing}
  ${item.requestId ? html`<span class="job-message">Request id <code>${foreign(textOf(item.requestId))}</code></span>` : nothing}
</li>`;
