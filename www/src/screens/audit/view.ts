// The screen as a function of its state.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { brand } from "../../model/capabilities.js";
import { PROVIDERS } from "../../package.js";
import { known, textOf } from "../../text/given.js";
import { duration, moment, plural, visible } from "../../text/visible.js";
import type { Failure } from "../../types.js";
import { moveByArrows } from "../../widgets/arrows.js";
import { diffTable } from "../../widgets/diff-table.js";
import { icon } from "../../widgets/icons.js";
import { follow, linkTo } from "../../widgets/link.js";
import { failureText, foreign, providerBadge } from "../../widgets/parts.js";
import "../../widgets/copy-button.js";
import type { Audit } from "./audit.js";
import { changesOf, type Entry, OUTCOMES, stateText } from "./entry.js";
import { type FilterName, isFiltered, operationNames } from "./filter.js";

const MOST_FIELDS = 3;

export function view(audit: Audit): TemplateResult {
  audit.sync();
  const { list, opened } = audit;
  if (!audit.isThere) return absent(audit);
  const { items, isLoading, isSlow, failure, hasMore } = list;
  return html`<main class="page" data-open=${opened ? "details" : "list"}>
    <div class="list-side">
      <div class="title-row"><h1>Audit</h1><p class="shown" role="status">${items.length === 0 ? "" : `${hasMore ? "The newest " : ""}${plural(items.length, "entry", "entries")}`}</p></div>
      <p class="lead">Every write through this gateway, the newest first. Times are in UTC.</p>
      ${filters(audit)}
      ${audit.file.view()}
      ${failure ? notice(failure, items.length > 0, () => void list.retry()) : nothing}
      ${items.length > 0 ? table(audit) : isLoading ? (isSlow ? bones : nothing) : failure ? nothing : empty(audit)}
    </div>
    ${opened ? details(audit) : nothing}
  </main>`;
}

const absent = ({ app: { connection } }: Audit): TemplateResult => html`<main class="page"><div class="list-side"><h1>Audit</h1>
  <div class="empty"><p class="empty-title">There is no audit here</p><p>A gateway keeps it. ${connection.gateway ? html`This one keeps none: its deployment has no <code>AUDIT</code>.` : `This page is connected to ${connection.to}.`}</p></div>
</div></main>`;

function notice(failure: Failure, isSome: boolean, retry: () => void): TemplateResult {
  return html`<div class="notice" data-level="error" role="alert"><h2>${icon("error")}${failure.title}</h2>${failureText(failure)}
    ${isSome ? html`<p>What was loaded before is shown below.</p>` : nothing}
    <button type="button" class="button" data-action="retry" @click=${retry}>Retry</button></div>`;
}

const bones = html`<div class="skeleton" role="status" aria-label="Loading the audit">${Array.from({ length: 8 }, () => html`<div class="bone"></div>`)}</div>`;

const empty = (audit: Audit): TemplateResult =>
  isFiltered(audit.filter)
    ? html`<div class="empty"><p class="empty-title">No entry matches</p><p><button type="button" class="link-button" @click=${audit.clear}>Show all entries</button></p></div>`
    : html`<div class="empty"><p class="empty-title">Nothing has been written yet</p><p>What is changed through this gateway stands here, whoever does it. Reads do not.</p></div>`;

function filters(audit: Audit): TemplateResult {
  const { filter, list, choose } = audit;
  const set = (name: FilterName) => (event: Event) => choose(name, (event.target as HTMLInputElement | HTMLSelectElement).value.trim());
  const pick = (name: FilterName, label: string, values: (readonly [string, string])[]) => {
    const all = filter[name] && !values.some(([value]) => value === filter[name]) ? [...values, [filter[name], visible(filter[name])] as const] : values;
    return html`<label class="picker"><span class="picker-name">${label}</span><select class="input" id="audit-${name}" @change=${set(name)}><option value="" ?selected=${filter[name] === ""}>All</option>${all.map(([value, words]) => html`<option value=${value} ?selected=${value === filter[name]}>${words}</option>`)}</select></label>`;
  };
  const seen = (of: (entry: Entry) => unknown) => [...new Set(list.items.map((entry) => textOf(of(entry))))].filter(Boolean).slice(0, 100);
  const type = (name: FilterName, label: string, values: string[]) => html`<label class="picker"><span class="picker-name">${label}</span><input class="input" type="text" id="audit-${name}" list="audit-${name}-seen" .value=${filter[name]} placeholder="exactly" autocomplete="off" spellcheck="false" autocapitalize="off" @change=${set(name)} /></label><datalist id="audit-${name}-seen">${values.map((value) => html`<option value=${value}></option>`)}</datalist>`;
  const date = (name: FilterName, label: string) => html`<label class="picker"><span class="picker-name">${label}</span><input class="input" type="date" id="audit-${name}" .value=${filter[name]} @change=${set(name)} /></label>`;
  return html`<div class="filters audit-filters" role="search" aria-label="Audit">
    ${pick("provider", "Provider", PROVIDERS.map((name) => [name, brand(name)] as const))}
    ${pick("operation", "Operation", operationNames(filter.provider).map((name) => [name, name] as const))}
    ${pick("outcome", "Outcome", Object.entries(OUTCOMES))}
    ${type("who", "Who", seen(({ who }) => who))}
    ${type("target", "Target", seen(({ target }) => target))}
    ${date("since", "From")}${date("until", "To")}
    <div class="audit-tools">
      ${isFiltered(filter) ? html`<button type="button" class="button" data-action="clear" @click=${audit.clear}>Show all</button>` : nothing}
      <button type="button" class="button" data-action="csv" @click=${() => void audit.export("csv")}>${icon("download")}CSV</button>
      <button type="button" class="button" data-action="json" @click=${() => void audit.export("json")}>${icon("download")}JSON</button>
      <button type="button" class="icon-button" aria-label="Reload" title="Reload" @click=${audit.reload}><span class=${list.isLoading ? "turning" : ""}>${icon("reload")}</span></button>
    </div>
  </div>`;
}

export const outcomeBadge = (outcome: string, status?: number): TemplateResult =>
  html`<span class="outcome-badge" data-outcome=${outcome}>${icon(outcome === "ok" ? "check" : outcome === "declined" ? "error" : "warn")}${known(OUTCOMES, outcome) ?? visible(textOf(outcome))}${status === undefined || outcome === "ok" ? nothing : html` <span class="numbers">(${textOf(status)})</span>`}</span>`;

const names = ({ fields }: Entry): TemplateResult => {
  const paths = (Array.isArray(fields) ? fields : []).map(({ path }) => textOf(path));
  const more = paths.length - MOST_FIELDS;
  return html`${paths.length === 0 ? html`<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">none</span></span>` : html`<span class="mono">${foreign(paths.slice(0, MOST_FIELDS).join(", "))}</span>${more > 0 ? ` and ${more} more` : ""}`}`;
};

const timeOf = (at: unknown): string => (typeof at === "number" && Math.abs(at) < 8e15 ? moment(at).replace(" UTC", "") : "");

function table(audit: Audit): TemplateResult {
  const { list, opened, app } = audit;
  const isOpen = ({ seq }: Entry) => String(seq) === opened;
  return html`<table class="entries" role="table" aria-busy=${list.isLoading ? "true" : "false"} @keydown=${moveByArrows}>
      <caption class="visually-hidden">Entries of the audit</caption>
      <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" class="col-when">When</th><th scope="col" role="columnheader" class="col-what">Operation</th><th scope="col" role="columnheader">Target</th><th scope="col" role="columnheader" class="col-who">Who</th><th scope="col" role="columnheader" class="col-fields">Fields</th><th scope="col" role="columnheader" class="col-outcome">Outcome</th></tr></thead>
      <tbody role="rowgroup">${repeat(
        list.items,
        ({ seq }) => seq,
        (entry) => html`<tr role="row" data-entry=${entry.seq} class=${isOpen(entry) ? "selected" : nothing}>
          <td role="cell" class="col-when numbers">${timeOf(entry.at)}</td>
          <th scope="row" role="rowheader" class="col-what"><span class="provider" data-provider=${textOf(entry.provider)}><span class="provider-mark" aria-hidden="true"></span></span><a class="row-link" href=${app.href({ entry: String(entry.seq) })} aria-current=${isOpen(entry) ? "true" : nothing} @click=${follow(() => void audit.open(entry.seq))}>${foreign(textOf(entry.operation) || "?")}</a>${entry.restores === undefined ? nothing : html` <span class="type">puts back</span>`}</th>
          <td role="cell" class="col-target">${foreign(textOf(entry.target))}</td>
          <td role="cell" class="col-who">${foreign(textOf(entry.who))}</td>
          <td role="cell" class="col-fields">${names(entry)}</td>
          <td role="cell" class="col-outcome">${outcomeBadge(entry.outcome, entry.status)}</td></tr>`,
      )}</tbody>
    </table>
    ${list.hasMore ? html`<p class="more-rows"><button type="button" class="button" data-action="more" aria-disabled=${list.isLoading ? "true" : nothing} @click=${() => void list.goOn()}>${list.isLoading ? "Loading …" : "Show older"}</button></p>` : nothing}`;
}

function details(audit: Audit): TemplateResult {
  const { detail, opened } = audit;
  const { entry, failure, isMissing } = detail ?? {};
  return html`<section class="details entry-details" aria-labelledby="entry-heading">
    <header class="details-head">
      ${entry ? html`<div class="details-kind">${isProvider(entry.provider) ? providerBadge(entry.provider) : foreign(textOf(entry.provider))}${outcomeBadge(entry.outcome, entry.status)}</div>` : nothing}
      <h2 id="entry-heading" tabindex="-1">${entry ? foreign(textOf(entry.operation)) : `Entry ${visible(opened)}`}</h2>
      <button type="button" class="icon-button" aria-label="Close details" title="Close (Esc)" @click=${() => void audit.close()}>${icon("close")}</button>
    </header>
    ${failure ? html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${failure.title}</h3>${failureText(failure)}<button type="button" class="button" @click=${() => void audit.readAgain()}>Retry</button></div>` : nothing}
    ${entry ? entryBody(audit, entry) : failure ? nothing : html`<p class="prose" role="status">${isMissing ? "There is no such entry." : "Loading …"}</p>`}
  </section>`;
}

const isProvider = (name: string): boolean => PROVIDERS.some((one) => one === name);

function entryBody(audit: Audit, entry: Entry): TemplateResult {
  const { rows, isDifference } = changesOf(entry);
  const took = typeof entry.ended === "number" && typeof entry.at === "number" ? duration(Math.max(0, entry.ended - entry.at)) : undefined;
  const isSource = textOf(entry.operation).startsWith("sources.") && isProvider(entry.provider) && audit.app.store.source(entry.provider, entry.target) !== undefined;
  const isJob = textOf(entry.operation).startsWith("jobs.");
  const link = (words: TemplateResult | string, part: Record<string, string>, how?: { view: string }) => linkTo(audit.app, words, part, how);
  const target = foreign(textOf(entry.target));
  return html`
    ${audit.canRestore(entry) ? html`<div class="actions"><button type="button" class="button" data-action="restore" @click=${() => void audit.restore(entry)}>${icon("past")}Put back how it was before …</button></div>` : nothing}
    <dl class="facts">
      <div><dt>Entry</dt><dd class="numbers">${textOf(entry.seq)}</dd></div>
      <div><dt>When</dt><dd class="numbers">${timeOf(entry.at)}${took === undefined ? nothing : html`, took ${took}`}</dd></div>
      <div><dt>Who</dt><dd>${foreign(textOf(entry.who))} <span class="help">(${visible(textOf(entry.kind))})</span></dd></div>
      <div><dt>Target</dt><dd class="with-copy"><span>${isSource ? link(target, { sel: `${entry.provider}:${entry.target}` }, { view: "sources" }) : isJob ? link(target, { job: entry.target }, { view: "jobs" }) : target}</span><copy-button .text=${textOf(entry.target)} label="target"></copy-button></dd></div>
      <div><dt>Outcome</dt><dd>${known(OUTCOMES, entry.outcome) ?? visible(textOf(entry.outcome))}${entry.status === undefined ? nothing : html`, status ${textOf(entry.status)}`}</dd></div>
      ${entry.requestId ? html`<div><dt>Request id</dt><dd class="mono with-copy"><span>${foreign(textOf(entry.requestId))}</span><copy-button .text=${textOf(entry.requestId)} label="request id"></copy-button></dd></div>` : nothing}
      ${entry.restores === undefined ? nothing : html`<div><dt>Puts back</dt><dd>${link(`to before entry ${textOf(entry.restores)}`, { entry: textOf(entry.restores) })}</dd></div>`}
    </dl>
    <p class="help">${link("All of this target", { of: entry.target })} · ${link("All of this person", { who: entry.who })}</p>
    <section class="attributes"><h3>${!isDifference ? "What was sent" : entry.after ? "What changed" : "What was to change"}</h3>
      ${rows.length > 0 ? diffTable(rows, isDifference ? { before: "Before", after: entry.after ? "After" : "Sent" } : { after: "Value" }) : html`<p class="prose">${isDifference ? "Nothing differs." : "Nothing but the call itself."}</p>`}
    </section>
    ${entry.before ? state("The source as it was before", entry.before) : nothing}
    ${entry.after ? state("The source as it was after", entry.after) : nothing}`;
}

const state = (title: string, state: NonNullable<Entry["before"]>): TemplateResult =>
  html`<details class="more"><summary>${title}</summary><pre class="code" tabindex="0" role="region" aria-label=${title}>${visible(stateText(state))}</pre></details>`;
