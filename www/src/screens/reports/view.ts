// The screen as a function of its state.
import type { ImgixReport } from "image-sources";
import { html, nothing, svg, type TemplateResult } from "lit";
import { day, moment, plural, visible, webAddress, wordsOf } from "../../text/visible.js";
import type { Failure } from "../../types.js";
import { moveByArrows } from "../../widgets/arrows.js";
import { icon } from "../../widgets/icons.js";
import { follow } from "../../widgets/link.js";
import { offNotice } from "../../widgets/off-notice.js";
import { failureText, foreign } from "../../widgets/parts.js";
import { momentOf, textOf } from "../../text/given.js";
import { metrics, overDays, type Point, ranking, type Table } from "./figures.js";
import { type Figures, filesOf, type Reports, SORTS, SPANS } from "./reports.js";
import "./usage-chart.js";

const RANKS = 20;

export function view(reports: Reports): TemplateResult {
  const { connection } = reports.app;
  if (connection.modes.imgix === "off") return html`<main class="page"><div class="list-side"><h1>Reports</h1>${offNotice("imgix", connection)}</div></main>`;
  reports.sync();
  const { opened } = reports;
  const { items, isLoading, isSlow, failure, total } = reports.list;
  const count = total !== undefined && total > items.length ? `${items.length} of ${plural(total, "report")} loaded` : plural(items.length, "report");
  return html`<main class="page" data-open=${opened ? "details" : "list"}>
    <div class="list-side">
      <div class="title-row"><h1>Reports</h1><p class="shown" role="status">${items.length === 0 && (isLoading || failure) ? "" : count}</p></div>
      ${filters(reports)}
      ${failure ? notice(failure, items.length > 0, reports) : nothing}
      ${reports.figures && reports.figures.of !== opened ? figuresPanel(reports, reports.figures) : nothing}
      ${items.length > 0 ? table(reports) : isLoading ? (isSlow ? bones(reports.waits.words("reports.list")) : nothing) : failure ? nothing : empty(reports)}
    </div>
    ${opened ? details(reports) : nothing}
  </main>`;
}

function filters(reports: Reports): TemplateResult {
  const { type, state, sort } = reports.asked;
  const types = [...new Set([...reports.types, ...(type ? [type] : [])])].sort();
  const pick = (key: string) => (event: Event) => reports.app.go({ [key]: (event.target as HTMLSelectElement).value });
  return html`<div class="filters" role="search" aria-label="Reports">
    <label class="picker"><span class="picker-name">Type</span><select class="input" id="report-type" @change=${pick("type")}><option value="" ?selected=${type === ""}>All types</option>${types.map((one) => html`<option value=${one} ?selected=${one === type}>${visible(wordsOf(one))}</option>`)}</select></label>
    <label class="picker"><span class="picker-name">State</span><select class="input" @change=${pick("state")}>${[["", "All"], ["final", "Final"], ["open", "Not final yet"]].map(([value, words]) => html`<option value=${value!} ?selected=${value === state}>${words}</option>`)}</select></label>
    <label class="picker"><span class="picker-name">Order</span><select class="input" @change=${pick("sort")}>${SORTS.map(([value, words]) => html`<option value=${value} ?selected=${value === sort}>${words}</option>`)}</select></label>
    ${type ? html`<label class="picker"><span class="picker-name">Compare</span><select class="input" id="compare" @change=${(event: Event) => compare(reports, type, event)}><option value="" selected>days …</option>${SPANS.map((days) => html`<option value=${days}>the last ${days} days</option>`)}</select></label>` : nothing}
    <button type="button" class="icon-button" aria-label="Reload" title="Reload" @click=${reports.reload}><span class=${reports.list.isLoading ? "turning" : ""}>${icon("reload")}</span></button>
  </div>`;
}

function compare(reports: Reports, type: string, event: Event): void {
  const select = event.target as HTMLSelectElement;
  const days = Number(select.value);
  select.value = "";
  if (days > 0) void reports.compare(type, days);
}

function notice(failure: Failure, isSome: boolean, reports: Reports): TemplateResult {
  return html`<div class="notice" data-level="error" role="alert"><h2>${icon("error")}${failure.title}</h2>${failureText(failure)}
    ${isSome ? html`<p>What was loaded before is shown below.</p>` : nothing}
    <button type="button" class="button" data-action="retry" @click=${() => void reports.list.retry()}>Retry</button></div>`;
}

const bones = (wait: string): TemplateResult => html`<p class="help" role="status">${wait}</p><div class="skeleton" role="status" aria-label="Loading reports">${Array.from({ length: 8 }, () => html`<div class="bone"></div>`)}</div>`;

const empty = ({ asked }: Reports): TemplateResult =>
  html`<div class="empty"><p class="empty-title">${asked.type || asked.state ? "No report matches" : "There are no reports"}</p><p>A day's reports are there some hours after it is over, and kept for 90 days.</p></div>`;

const periodOf = (report: ImgixReport): string => {
  const [from, to] = [momentOf(report.period_start), momentOf(report.period_end)];
  if (from === undefined || to === undefined) return "";
  const [first, last] = [day(from), day(to - 1)];
  return first === last ? first : `${first} to ${last}`;
};

const stateOf = (report: ImgixReport): TemplateResult =>
  report.completed ? html`<span class="status" data-status="deployed"><span class="status-dot" aria-hidden="true"></span>final</span>` : html`<span class="status" data-status="disabled"><span class="status-dot" aria-hidden="true"></span>not final yet</span>`;

function table(reports: Reports): TemplateResult {
  return html`<table class="reports" aria-busy=${reports.list.isLoading ? "true" : "false"} @keydown=${moveByArrows}>
      <caption class="visually-hidden">Reports</caption>
      <thead><tr><th scope="col">Report</th><th scope="col" class="col-period">Period</th><th scope="col" class="col-state">State</th><th scope="col" class="col-files">Files</th></tr></thead>
      <tbody>${reports.list.items.map(
        (report) => html`<tr data-report=${report.id} class=${report.id === reports.opened ? "selected" : nothing}>
          <th scope="row"><a class="row-link" href=${reports.app.href({ report: report.id })} aria-current=${report.id === reports.opened ? "true" : nothing} @click=${follow(() => void reports.open(report.id))}>${foreign(wordsOf(textOf(report.report_type ?? report.report_key) || report.id))}</a></th>
          <td class="col-period numbers">${periodOf(report)}</td><td class="col-state">${stateOf(report)}</td><td class="col-files numbers">${filesOf(report).length}</td></tr>`,
      )}</tbody>
    </table>
    ${reports.list.hasMore ? html`<p class="more-rows"><button type="button" class="button" data-action="more" aria-disabled=${reports.list.isLoading ? "true" : nothing} @click=${() => void reports.list.goOn()}>${reports.list.isLoading ? "Loading …" : "Show more"}</button></p>` : nothing}`;
}

function details(reports: Reports): TemplateResult {
  const { detail, figures, opened } = reports;
  const report = detail?.report;
  return html`<section class="details report-details" aria-labelledby="report-heading">
    <header class="details-head"><h2 id="report-heading" tabindex="-1">${report ? foreign(wordsOf(textOf(report.report_type) || "report")) : "Report"}</h2>
      <button type="button" class="icon-button" aria-label="Close details" title="Close (Esc)" @click=${() => void reports.close()}>${icon("close")}</button></header>
    ${detail?.failure ? html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${detail.failure.title}</h3>${failureText(detail.failure)}<button type="button" class="button" @click=${() => void reports.readAgain()}>Retry</button></div>` : nothing}
    ${report
      ? html`<dl class="facts">
          <div><dt>State</dt><dd>${stateOf(report)}</dd></div>
          ${report.report_key ? html`<div><dt>Key</dt><dd class="mono">${foreign(textOf(report.report_key))}</dd></div>` : nothing}
          ${[["From", momentOf(report.period_start)], ["To", momentOf(report.period_end)]].map(([name, at]) => (typeof at === "number" ? html`<div><dt>${name}</dt><dd class="numbers">${moment(at)}</dd></div>` : nothing))}
        </dl>
        ${files(reports, report)}
        ${figures?.of === opened ? figuresPanel(reports, figures) : nothing}`
      : detail?.failure ? nothing : html`<p class="prose">${detail?.isMissing ? "There is no such report: they are kept for 90 days." : "Loading …"}</p>`}
  </section>`;
}

function files(reports: Reports, report: ImgixReport): TemplateResult {
  const all = filesOf(report);
  const own = html`<label class="button file-button">Draw a file of this device<input type="file" multiple accept=".csv,.gz,text/csv" class="visually-hidden" @change=${(event: Event) => chosen(reports, event)} /></label>`;
  if (all.length === 0) return html`<section class="attributes"><h3>Files</h3><p class="prose">${report.completed ? "It came without files." : "They come when the report is final."}</p></section>`;
  return html`<section class="attributes"><h3>Files</h3>
    <ul class="report-files">${all.map((address, at) => html`<li>${fileLink(address, at, reports.app.connection.kind === "sandbox")}</li>`)}</ul>
    <p class="help">Their addresses expire after a while. <button type="button" class="link-button" @click=${() => void reports.readAgain()}>New addresses</button></p>
    <div class="actions"><button type="button" class="button" data-action="draw" @click=${() => void reports.draw()}>${icon("chart")}Show figures</button>${own}</div></section>`;
}

/** The address is signed: who has it can read the file, so only its name is shown. One of a sandbox in the page leads nowhere. */
function fileLink(address: string, at: number, isInPage: boolean): TemplateResult {
  const href = webAddress(address);
  const name = href ? decodeURIComponentSafely(new URL(href).pathname.split("/").at(-1) ?? "") || `file ${at + 1}` : `file ${at + 1}: not an address of the web`;
  return href && !isInPage ? html`<a class="out" href=${href} download target="_blank" rel="noreferrer noopener">${foreign(name)}${icon("out")}<span class="visually-hidden"> (downloads, or opens a new tab)</span></a>` : foreign(name);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function chosen(reports: Reports, event: Event): void {
  const input = event.target as HTMLInputElement;
  const files = [...(input.files ?? [])];
  input.value = "";
  if (files.length > 0) void reports.drawFiles(files);
}

function figuresPanel(reports: Reports, figures: Figures): TemplateResult {
  const heading = figures.total > 1 ? `${visible(wordsOf(figures.of))}: day by day` : "Figures";
  return html`<section class="box figures" aria-label=${heading}><h2>${heading}</h2>
    ${figures.isLoading
      ? html`<p class="help" role="status">Reading files …${figures.total > 1 ? ` ${figures.done} of ${figures.total} days` : ""}</p>${figures.total > 1 ? html`<progress max=${figures.total} .value=${figures.done} aria-label="Reading files"></progress>` : nothing}
        <p><button type="button" class="button" data-action="stop" @click=${reports.stop}>Stop</button></p>`
      : nothing}
    ${figures.failure ? html`<p class="notice" data-level="error" role="alert">${visible(figures.failure)}</p>` : nothing}
    ${figures.days ? daysView(reports, figures, figures.days) : figures.table ? tableView(reports, figures, figures.table) : nothing}
  </section>`;
}

function picker(reports: Reports, columns: [at: number, name: string][], metric: number): TemplateResult {
  return html`<label class="picker"><span class="picker-name">Counted</span><select class="input" id="metric" @change=${(event: Event) => reports.choose(Number((event.target as HTMLSelectElement).value))}>${columns.map(([at, name]) => html`<option value=${at} ?selected=${at === metric}>${visible(wordsOf(name))}</option>`)}</select></label>`;
}

function daysView(reports: Reports, figures: Figures, { columns, points, missing }: NonNullable<Figures["days"]>): TemplateResult {
  if (columns.length === 0) return html`<p class="help">No column of these files holds only numbers: there is nothing to draw.</p>`;
  const metric = figures.metric in columns ? figures.metric : 0;
  return html`${picker(reports, columns.map((name, at) => [at, name]), metric)}${missing > 0 ? html`<p class="help">${plural(missing, "day has", "days have")} no such number.</p>` : nothing}${chart(points[metric]!, columns[metric]!)}`;
}

function chart(points: readonly Point[], name: string): TemplateResult {
  const sum = points.reduce((sum, { value }) => sum + value, 0);
  return html`<usage-chart .points=${points} .label=${visible(wordsOf(name))}></usage-chart>
    <details class="more"><summary>The numbers <span class="count">of the chart</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of the chart"><table class="numbers-table"><caption class="visually-hidden">${visible(wordsOf(name))} by day</caption>
      <thead><tr><th scope="col">Day</th><th scope="col">${visible(wordsOf(name))}</th></tr></thead>
      <tbody>${points.map(({ at, value }) => html`<tr><th scope="row">${day(at)}</th><td>${value.toLocaleString("en")}</td></tr>`)}</tbody>
      <tfoot><tr><th scope="row">Sum</th><td>${sum.toLocaleString("en")}</td></tr></tfoot></table></div></details>`;
}

function tableView(reports: Reports, figures: Figures, table: Table): TemplateResult {
  const columns = metrics(table);
  const rows = (sum = "") => html`<p class="help">${plural(table.count, "row")}${sum}${table.isCut ? ", and more: only the first 64 MB were read" : ""}.</p>`;
  if (columns.length === 0) return html`${rows()}<p class="help">${table.count === 0 ? "There is nothing to draw." : "No column holds only numbers: there is nothing to draw."}</p>`;
  const metric = columns.includes(figures.metric) ? figures.metric : columns[0]!;
  const points = overDays(table, metric);
  const name = table.columns[metric] ?? "";
  const picked = picker(reports, columns.map((at) => [at, table.columns[at] ?? ""]), metric);
  return html`${picked}${rows(`, ${(table.totals[metric] ?? 0).toLocaleString("en")} in all`)}${points.length > 1 ? chart(points, name) : ranks(table, metric, name)}`;
}

/** The largest, each with a bar: a table that can be read and seen. */
function ranks(table: Table, metric: number, name: string): TemplateResult {
  const ranked = ranking(table, metric, RANKS);
  const most = Math.max(...ranked.map(({ value }) => value), 0);
  const width = (value: number): number => (most > 0 ? Math.max(0, (value / most) * 100) : 0);
  return html`<table class="numbers-table ranks"><caption>The ${plural(ranked.length, "largest", "largest")}${table.count > table.rows.length ? html` of the first ${table.rows.length.toLocaleString("en")} rows` : nothing}</caption>
    <thead><tr><th scope="col">Row</th><th scope="col">${visible(wordsOf(name))}</th></tr></thead>
    <tbody>${ranked.map(({ name, value }) => html`<tr><th scope="row"><span class="rank-name" title=${visible(name)}>${foreign(name)}</span><svg class="rank-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">${svg`<rect width=${width(value)} height="4"/>`}</svg></th><td>${value.toLocaleString("en")}</td></tr>`)}</tbody></table>`;
}
