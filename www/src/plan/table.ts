// A plan as a table: what is to be done about each source, field by field.
import type { PlannedChange } from "image-sources";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { plural, visible } from "../text/visible.js";
import type { ProviderName } from "../types.js";
import { icon, type IconName } from "../widgets/icons.js";
import { foreign, providerBadge, sentence } from "../widgets/parts.js";
import { PROVIDERS } from "../package.js";
import { brand } from "../model/capabilities.js";
import { ACTIONS, type Action, nameOf, type PlanRow } from "./plan.js";

const MOST_SHOWN = 300;

/** As much of a text as a cell has room for. */
export const cut = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} … (${text.length.toLocaleString("en")} characters)` : text);

const ICONS: Record<Action, IconName> = { create: "plus", change: "edit", delete: "trash", unchanged: "check", unmanaged: "minus", impossible: "error" };
const STEP = 100;

export interface PlanFilter {
  action: Action | "";
  provider: ProviderName | "";
  search: string;
  /** So many rows are drawn. */
  shown: number;
}

export const NO_FILTER: PlanFilter = { action: "", provider: "", search: "", shown: STEP };

const actionBadge = (action: Action): TemplateResult => html`<span class="action" data-action-kind=${action}>${icon(ICONS[action])}${action}</span>`;

export function filterRows(rows: readonly PlanRow[], { action, provider, search }: PlanFilter): PlanRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (row: PlanRow) => [row.name, row.id, row.provider, row.action, ...row.changes.map(({ path }) => path)].join("\n").toLowerCase();
  return rows.filter((row) => (!action || row.action === action) && (!provider || row.provider === provider) && words.every((word) => text(row).includes(word)));
}

export function planTable(rows: readonly PlanRow[], filter: PlanFilter, change: (part: Partial<PlanFilter>) => void): TemplateResult {
  const found = filterRows(rows, filter);
  const shown = found.slice(0, filter.shown);
  const count = (action: Action) => rows.filter((row) => row.action === action).length;
  const choose = (event: Event) => change({ action: (event.target as HTMLInputElement).value as Action | "", shown: STEP });
  const kinds = ACTIONS.filter((action) => count(action) > 0);
  return html`<div class="plan">
    <div class="filters">
      <div class="search">
        ${icon("search")}
        <input class="input" type="search" aria-label="Search the plan" placeholder="Search names and fields" .value=${filter.search} autocomplete="off" spellcheck="false"
          @input=${(event: Event) => change({ search: (event.target as HTMLInputElement).value, shown: STEP })} />
      </div>
      <label class="picker">Provider
        <select class="input" @change=${(event: Event) => change({ provider: (event.target as HTMLSelectElement).value as ProviderName | "", shown: STEP })}>
          <option value="" ?selected=${filter.provider === ""}>All</option>
          ${PROVIDERS.map((name) => html`<option value=${name} ?selected=${filter.provider === name}>${brand(name)}</option>`)}
        </select>
      </label>
    </div>
    <fieldset class="segments wrap">
      <legend class="visually-hidden">What is planned</legend>
      ${(["", ...kinds] as const).map(
        (action) => html`<label class="segment"><input type="radio" name="plan-action" value=${action} .checked=${filter.action === action} @change=${choose} />
          <span>${action || "all"} <span class="count">${action ? count(action).toLocaleString("en") : rows.length.toLocaleString("en")}</span></span></label>`,
      )}
    </fieldset>
    <p class="shown" role="status">${found.length === rows.length ? plural(rows.length, "source") : `${found.length.toLocaleString("en")} of ${plural(rows.length, "source")}`}</p>
    ${shown.length === 0
      ? html`<p class="empty">Nothing of the plan matches</p>`
      : html`<table class="plan-table">
          <caption class="visually-hidden">What is planned for each source</caption>
          <thead><tr><th scope="col" class="col-action">Plan</th><th scope="col" class="col-source">Source</th><th scope="col">What differs, and what to know</th></tr></thead>
          <tbody>${repeat(shown, ({ key }) => key, planRow)}</tbody>
        </table>`}
    ${found.length > shown.length
      ? html`<p class="more-rows"><button type="button" class="button" @click=${() => change({ shown: filter.shown + STEP })}>Show ${Math.min(STEP, found.length - shown.length)} more of ${(found.length - shown.length).toLocaleString("en")}</button></p>`
      : nothing}
  </div>`;
}

const planRow = (row: PlanRow): TemplateResult => html`<tr data-plan=${row.action}>
  <td class="col-action">${actionBadge(row.action)}</td>
  <th scope="row"><span class="plan-name">${foreign(cut(nameOf(row)))}</span> ${providerBadge(row.provider)}</th>
  <td>
    ${row.changes.length > 0 ? changes(row) : nothing}
    ${row.problems.length > 0
      ? html`<ul class="problems">${row.problems.map(({ level, field, message }) => html`<li data-level=${level}>${icon(level === "error" ? "error" : "warn")}<span><code>${visible(within(row, field))}</code> ${sentence(message)}</span></li>`)}</ul>`
      : nothing}
  </td>
</tr>`;

/** The path without the place in the document, which stands beside it. */
const within = ({ provider, index }: PlanRow, field: string): string => field.replace(new RegExp(`^${provider}\\.${index}\\.?`), "") || `entry ${index}`;

/** A creation says everything, so it is folded. */
const changes = (row: PlanRow): TemplateResult =>
  row.action === "create"
    ? html`<details><summary>${plural(row.changes.length, "field")}</summary>${changeList(row.changes)}</details>`
    : changeList(row.changes);

const changeList = (all: PlannedChange[]): TemplateResult => html`<ul class="changes">${all.map(
  (change) => html`<li><code class="change-path">${visible(change.path)}</code>
    ${change.secret
      ? html`<span class="change-secret">${icon("lock")}a secret: sent, never shown</span>`
      : html`${change.from === undefined ? nothing : html`<del><span class="visually-hidden">from </span>${value(change.from)}</del> `}<ins><span class="visually-hidden">to </span>${value(change.to)}</ins>`}</li>`,
)}</ul>`;

const value = (json: PlannedChange["to"]): TemplateResult => foreign(cut(typeof json === "string" ? json || "(empty)" : JSON.stringify(json) ?? ""));
