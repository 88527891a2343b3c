import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { type Entry, isFailed, lastOf, type RequestLog, waitedMs } from "../../model/log.js";
import { saveFile } from "../../text/file.js";
import { duration, plural, visible } from "../../text/visible.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { foreign, providerBadge, sentence } from "../../widgets/parts.js";
import { curlOf, fetchOf, harOf } from "./copies.js";
import "../../widgets/copy-button.js";

const SHOWN_AT_ONCE = 100;
const KINDS = { all: "All", failed: "Failed", writes: "Changes", odd: "Drift and warnings" };

type Kind = keyof typeof KINDS;

const fits: Record<Kind, (entry: Entry) => boolean> = {
  all: () => true,
  failed: isFailed,
  writes: (entry) => !/^(GET|HEAD)?$/.test(lastOf(entry)?.method ?? ""),
  odd: ({ drifts, warnings }) => drifts > 0 || warnings.length > 0,
};

/** Every request this page has sent, newest first. */
export class InspectorDrawer extends Widget {
  static override properties = { log: {}, version: {}, words: { state: true }, kind: { state: true }, limit: { state: true } };

  declare log: RequestLog;
  /** Counts what happened in the log. */
  declare version: number;
  declare words: string;
  declare kind: Kind;
  declare limit: number;

  constructor() {
    super();
    this.words = "";
    this.kind = "all";
    this.limit = SHOWN_AT_ONCE;
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { entries, dropped } = this.log;
    const words = this.words.toLowerCase().split(/\s+/).filter(Boolean);
    const found = entries.filter((entry) => fits[this.kind](entry) && words.every((word) => textOf(entry).includes(word))).reverse();
    return html`<section class="inspector" aria-labelledby="inspector-heading">
      <header class="inspector-head">
        <h2 id="inspector-heading" tabindex="-1">Requests</h2>
        <p class="shown" role="status">${found.length === entries.length ? plural(entries.length, "call") : `${found.length} of ${plural(entries.length, "call")}`}${dropped > 0 ? `, ${dropped} older are gone` : ""}</p>
        <label class="search"><span class="visually-hidden">Filter requests</span>${icon("search")}<input class="input" type="search" placeholder="Operation, address, status, id" .value=${live(this.words)} autocomplete="off" spellcheck="false" @input=${this.#type} /></label>
        <label class="picker"><span class="visually-hidden">Which</span>
          <select class="input" @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value as Kind)}>${Object.entries(KINDS).map(([kind, title]) => html`<option value=${kind} ?selected=${kind === this.kind}>${title}</option>`)}</select>
        </label>
        <button type="button" class="icon-button" aria-label="Download as HAR" title="Download as HAR, without secrets" @click=${() => saveFile("requests.har", harOf(this.log.entries), "application/json")}>${icon("download")}</button>
        <button type="button" class="icon-button" aria-label="Clear requests" title="Clear" @click=${this.#clear}>${icon("trash")}</button>
        <button type="button" class="icon-button" aria-label="Close requests" title="Close (i)" @click=${() => this.emit("inspector-toggle")}>${icon("close")}</button>
      </header>
      <div class="inspector-body" tabindex="-1">
        ${found.length === 0 ? html`<p class="none">${entries.length === 0 ? "Nothing has been sent yet" : "No request matches"}</p>` : nothing}
        <ol class="calls">${repeat(found.slice(0, this.limit), ({ id }) => id, (entry) => html`<li>${this.#entry(entry)}</li>`)}</ol>
        ${found.length > this.limit ? html`<p class="more-rows"><button type="button" class="button" @click=${() => (this.limit += SHOWN_AT_ONCE)}>Show more of ${found.length}</button></p>` : nothing}
        <p class="help">Every call to a provider. What this page asks a gateway about itself, such as how its limits stand, is not listed.</p>
      </div>
    </section>`;
  }

  #entry(entry: Entry): TemplateResult {
    const last = lastOf(entry);
    const waited = waitedMs(entry);
    return html`<details class="call" data-outcome=${entry.outcome ?? "running"}>
      <summary>
        <time datetime=${new Date(entry.at).toISOString()}>${clock(entry.at)}</time>
        <span class="call-status">${last?.status ?? (entry.outcome === undefined ? "…" : "–")}</span>
        <span class="call-method mono">${last?.method ?? ""}</span>
        <span class="call-name">${providerBadge(entry.provider)} <span class="mono">${entry.operation}</span></span>
        <span class="call-facts numbers">
          ${entry.ms === undefined ? html`<span>running</span>` : html`<span>${duration(entry.ms)}</span>`}
          ${waited > 0 ? html`<span class="tag">waited ${duration(waited)}</span>` : nothing}
          ${entry.retries.length > 0 ? html`<span class="tag" data-level="warning">${plural(entry.retries.length, "retry", "retries")}</span>` : nothing}
          ${entry.drifts > 0 ? html`<span class="tag" data-level="warning">${plural(entry.drifts, "drift")}</span>` : nothing}
          ${entry.warnings.length > 0 ? html`<span class="tag" data-level="warning">${plural(entry.warnings.length, "warning")}</span>` : nothing}
        </span>
      </summary>
      ${this.#more(entry)}
    </details>`;
  }

  #more(entry: Entry): TemplateResult {
    const last = lastOf(entry);
    return html`<div class="call-more">
      ${last
        ? html`<div class="call-copies">
            <copy-button class="worded" .text=${() => curlOf(entry, last)} label="curl command" words="curl"></copy-button>
            <copy-button class="worded" .text=${() => fetchOf(last)} label="code with fetch" words="fetch"></copy-button>
            ${entry.code ? html`<copy-button class="worded" .text=${entry.code} label="code with image-sources" words="image-sources"></copy-button>` : nothing}
          </div>`
        : nothing}
      <ol class="attempts">
        ${entry.attempts.map(
          (attempt, at) => html`<li>
            <p class="mono call-address">${attempt.method} ${foreign(attempt.url)}</p>
            <p class="failure-facts">
              <span>${entry.attempts.length > 1 ? `Attempt ${at + 1}: ` : ""}${attempt.status === undefined ? (entry.outcome === undefined ? "no answer yet" : "no answer") : html`status <b>${attempt.status}</b>`}</span>
              ${attempt.ms === undefined ? nothing : html`<span>after ${duration(attempt.ms)}</span>`}
              ${attempt.requestId === undefined ? nothing : html`<span>request id <code>${visible(attempt.requestId)}</code><copy-button .text=${attempt.requestId} label="request id"></copy-button></span>`}
              ${entry.retries[at] ? html`<span>sent again after ${duration(entry.retries[at].afterMs)}: ${sentence(entry.retries[at].because)}</span>` : nothing}
            </p>
            ${attempt.body === undefined ? nothing : html`<pre class="code" tabindex="0" role="region" aria-label="Body of the request">${visible(attempt.body)}</pre>`}
          </li>`,
        )}
      </ol>
      ${entry.waits.length > 0 ? html`<p>${entry.waits.map(({ rateClass, ms }) => html`Waited ${duration(ms)} for a slot of <code>${rateClass}</code>. `)}</p>` : nothing}
      ${entry.warnings.length > 0 ? html`<ul class="problems">${entry.warnings.map(({ field, message }) => html`<li data-level="warning">${icon("warn")}<span>${field ? html`<code>${visible(field)}</code> ` : nothing}${sentence(message)}</span></li>`)}</ul>` : nothing}
      ${entry.drift.length > 0 ? html`<ul class="problems">${entry.drift.map(({ path, expected, found }) => html`<li data-level="warning">${icon("warn")}<span><code>${visible(path)}</code> should be ${visible(expected)} and is ${visible(found)}</span></li>`)}</ul>` : nothing}
      ${entry.outcome === undefined ? nothing : html`<p>Outcome: <b>${entry.outcome}</b>${entry.mayHaveHappened ? "; it may have happened all the same" : ""}</p>`}
    </div>`;
  }

  readonly #type = (event: Event): void => {
    this.words = (event.target as HTMLInputElement).value;
    this.limit = SHOWN_AT_ONCE;
  };

  readonly #clear = (): void => {
    this.log.clear();
    this.requestUpdate();
  };
}

const textOf = (entry: Entry): string =>
  [entry.provider, entry.operation, entry.outcome, ...entry.attempts.flatMap(({ method, url, status, requestId }) => [method, url, status, requestId])].join("\n").toLowerCase();

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);

customElements.define("inspector-drawer", InspectorDrawer);
