// The screen as a function of the app and its own state.
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../../app.js";
import { duration, etaMs } from "../../jobs/eta.js";
import { callsOf } from "../../jobs/job.js";
import { runPanels } from "../../jobs/panel.js";
import { cut, planTable } from "../../plan/table.js";
import { plural, visible } from "../../text/visible.js";
import { icon } from "../../widgets/icons.js";
import { offNotice } from "../../widgets/off-notice.js";
import { failureText, foreign, sentence } from "../../widgets/parts.js";
import type { Bulk } from "./bulk.js";
import type { Item, Status } from "./check.js";
import { type Kind, kinds } from "./kinds.js";
import "../../widgets/data-intake.js";

const MOST_BYTES = 50_000_000;
const STATUSES: Status[] = ["invalid", "twice", "ready"];

export function view(app: App, bulk: Bulk): TemplateResult {
  const { kind } = bulk;
  const isOff = app.connection.modes[kind.provider] === "off";
  return html`<main class="page">
    <div class="list-side">
      <h1 tabindex="-1">Bulk</h1>
      <p class="lead">The same to many things, at the pace of the limits.</p>
      ${runPanels(bulk.runs, (title, todo) => void bulk.begin(title, todo))}
      <section class="card" aria-labelledby="what-heading">
        <h2 id="what-heading">What to do</h2>
        <label class="picker wide">Operation
          <select class="input" @change=${bulk.choose}>${kinds().map(({ id, title }) => html`<option value=${id} ?selected=${id === kind.id}>${title}</option>`)}</select>
        </label>
        <p class="help">${sentence(kind.help)}</p>
        ${isOff ? offNotice(kind.provider, app.connection) : nothing}
        <data-intake heading="To what" help=${helpOf(kind)} accept=".csv,.txt,.json,text/csv,text/plain,application/json" placeholder=${placeholderOf(kind)} action="Check" .most=${MOST_BYTES} @data-given=${bulk.read}></data-intake>
        <p class="work" role="status">${bulk.work}</p>
        ${bulk.failure
          ? html`<div class="notice" data-level="error" id="bulk-refusal" role="alert" tabindex="-1"><h3>${icon("error")}${visible(bulk.failure.title)}</h3>${failureText(bulk.failure)}</div>`
          : nothing}
      </section>
      ${bulk.given ? checked(app, bulk) : nothing}
    </div>
  </main>`;
}

function helpOf({ operation, columns, required }: Kind): string {
  const names = columns.slice(0, required).join(", ");
  if (!operation) return `CSV whose first line names columns such as ${columns.slice(0, 4).join(", ")}, or a JSON list of sources. Lists within a cell are separated by |.`;
  const more = operation.input === "json" ? ", and a column for each attribute to change" : "";
  return required === 1 ? `One ${names} a line, CSV with a column ${names}, or a JSON list.` : `CSV with the columns ${names}${more}, or a JSON list of objects with these members.`;
}

const placeholderOf = ({ operation, columns, required }: Kind): string => (!operation ? `${columns.slice(0, 3).join(",")}\n…` : required === 1 ? "https://…\nhttps://…" : `${columns.slice(0, required).join(",")}\n…`);

function checked(app: App, bulk: Bulk): TemplateResult {
  const { name, kind, format, items, rows } = bulk.given!;
  const { entries } = bulk;
  const calls = callsOf(entries);
  const ms = etaMs(app.connection.clients, calls);
  const isReady = entries.length > 0 && !app.store.isLoading && app.connection.modes[kind.provider] !== "off";
  return html`<section class="card" aria-labelledby="bulk-heading">
    <div class="card-head">
      <h2 id="bulk-heading" tabindex="-1">${kind.title}</h2>
      <p class="shown">${foreign(name)}, ${plural(rows.length, "row")} of ${format}</p>
      <button type="button" class="icon-button" aria-label="Close what was given" title="Close" @click=${bulk.close}>${icon("close")}</button>
    </div>
    <div class="card-tools">
      <button type="button" class="button primary" aria-disabled=${isReady ? nothing : "true"} @click=${() => isReady && void bulk.run()}>${entries.length === 0 ? "Nothing to do" : `Run ${plural(entries.length, items ? "call" : "change")} …`}</button>
      ${entries.length > 0 && bulk.canHandOver
        ? html`<button type="button" class="button" data-action="hand-over" title="It goes on when this page is closed" aria-disabled=${isReady && !bulk.work ? nothing : "true"} @click=${() => isReady && void bulk.handOver()}>${icon("server")}Plan it at the gateway</button>`
        : nothing}
      ${entries.length > 0 ? html`<span class="help numbers">${ms > 0 ? `At least ${duration(ms)} under the limits` : "A moment"}</span>` : nothing}
    </div>
    ${items ? itemTable(bulk, items) : planTable(bulk.planRows, bulk.planFilter, bulk.changePlan)}
  </section>`;
}

const WORDS: Record<Status, string> = { ready: "ready", invalid: "invalid", twice: "twice: done once" };

function itemTable(bulk: Bulk, items: readonly Item[]): TemplateResult {
  const { status, shown } = bulk.itemFilter;
  const found = status ? items.filter((item) => item.status === status) : items;
  const count = (status: Status) => items.filter((item) => item.status === status).length;
  const choose = (event: Event) => bulk.changeItems({ status: (event.target as HTMLInputElement).value as Status | "", shown: 100 });
  return html`<div class="plan">
    <fieldset class="segments wrap">
      <legend class="visually-hidden">What the check says</legend>
      ${(["", ...STATUSES.filter((one) => count(one) > 0)] as const).map(
        (one) => html`<label class="segment"><input type="radio" name="item-status" value=${one} .checked=${status === one} @change=${choose} />
          <span>${one || "all"} <span class="count">${(one ? count(one) : items.length).toLocaleString("en")}</span></span></label>`,
      )}
    </fieldset>
    <table class="plan-table items">
      <caption class="visually-hidden">What the check says of each row</caption>
      <thead><tr><th scope="col" class="col-line">Row</th><th scope="col">Item</th><th scope="col">Check</th></tr></thead>
      <tbody>${found.slice(0, shown).map(itemRow)}</tbody>
    </table>
    ${found.length > shown ? html`<p class="more-rows"><button type="button" class="button" @click=${bulk.more}>Show more of ${(found.length - shown).toLocaleString("en")}</button></p>` : nothing}
  </div>`;
}

const itemRow = ({ line, label, status, problems }: Item): TemplateResult => html`<tr data-item=${status}>
  <td class="col-line numbers">${line}</td>
  <th scope="row">${foreign(cut(label))}</th>
  <td>
    <span class="action" data-action-kind=${status === "invalid" ? "impossible" : status === "twice" ? "unmanaged" : "unchanged"}>${icon(status === "invalid" ? "error" : status === "twice" ? "minus" : "check")}${WORDS[status]}</span>
    ${problems.length > 0 ? html`<ul class="problems">${problems.map(({ level, field, message }) => html`<li data-level=${level}><span>${field ? html`<code>${visible(field)}</code> ` : nothing}${sentence(message)}</span></li>`)}</ul>` : nothing}
  </td>
</tr>`;
