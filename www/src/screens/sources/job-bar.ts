// What is held, what runs and what failed, at the foot of the list.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { visible } from "../../text/visible.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign } from "../../widgets/parts.js";
import { DONE, type Job, type Jobs, nameOf } from "./jobs.js";

const ING = { delete: "Deleting", disable: "Disabling", enable: "Enabling" };
const SHOWN_FAILURES = 5;

export const jobBar = (jobs: Jobs, undo: (job: Job) => void): TemplateResult =>
  html`<section class="jobs" aria-label="Under way">${repeat(jobs.list, ({ id }) => id, (job) => (job.phase === "failed" ? failed(jobs, job) : open(jobs, job, undo)))}</section>`;

function open(jobs: Jobs, job: Job, undo: (job: Job) => void): TemplateResult {
  const isHeld = job.phase === "held";
  const left = Math.max(0, Math.ceil((job.until - Date.now()) / 1000));
  return html`<div class="job" data-phase=${job.phase} data-job=${job.id}>
    <p role="status"><b>${ING[job.verb]} ${foreign(nameOf(job))}</b>${isHeld ? html` <span class="job-note">Nothing is sent yet</span>` : nothing}</p>
    ${isHeld
      ? html`<span class="job-time numbers" aria-hidden="true">${left} s</span>
          <button type="button" class="button" @click=${() => jobs.now(job.id)}>Now</button>
          <button type="button" class="button primary job-undo" @click=${() => undo(job)}>Undo</button>`
      : html`${job.rows.length > 1 ? html`<progress max=${job.rows.length} value=${job.done + job.failures.length} aria-label="${ING[job.verb]} sources"></progress><span class="job-time numbers">${job.done + job.failures.length} of ${job.rows.length}</span>` : nothing}
          <button type="button" class="button" @click=${() => jobs.stop(job.id)}>Stop</button>`}
  </div>`;
}

function failed(jobs: Jobs, job: Job): TemplateResult {
  const [first] = job.failures;
  const count = job.failures.length;
  return html`<div class="job notice" data-level="error" data-job=${job.id} role="alert">
    <h2>${icon("error")}${count === 1 ? html`${foreign(first![0].name)} ${first![1].unsure ? "may be" : "could not be"} ${DONE[job.verb]}` : `${count} of ${job.rows.length} sources could not be ${DONE[job.verb]}`}</h2>
    ${count === 1
      ? html`<p>${first![1].title}</p>${failureText(first![1])}`
      : html`<ul class="job-failures">${job.failures.slice(0, SHOWN_FAILURES).map(([row, { title, message }]) => html`<li><b>${foreign(row.name)}</b>: ${visible(title)}. ${visible(message)}</li>`)}
          ${count > SHOWN_FAILURES ? html`<li>and ${count - SHOWN_FAILURES} more</li>` : nothing}</ul>`}
    <div class="job-foot">
      <button type="button" class="button" @click=${() => jobs.retry(job.id)}>Try ${count === 1 ? "it" : "these"} again</button>
      <button type="button" class="button" @click=${() => jobs.stop(job.id)}>Dismiss</button>
    </div>
  </div>`;
}
