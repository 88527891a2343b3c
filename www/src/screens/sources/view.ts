// The screen as a function of the app and its own state.
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../../app.js";
import { brand, canDelete, canSwitch } from "../../model/capabilities.js";
import { perProvider, PROVIDERS } from "../../package.js";
import { keyOf } from "../../model/sources.js";
import { plural } from "../../text/visible.js";
import type { ProviderName, Row } from "../../types.js";
import { icon } from "../../widgets/icons.js";
import { offNotice } from "../../widgets/off-notice.js";
import { failureText } from "../../widgets/parts.js";
import type { Column } from "./columns.js";
import type { Format } from "./export.js";
import { jobBar } from "./job-bar.js";
import type { Route } from "./route.js";
import { selectionBar } from "./selection-bar.js";
import type { Sources } from "./sources.js";
import "./filter-bar.js";
import "./source-details.js";
import "./source-list.js";

export function view(app: App, sources: Sources): TemplateResult {
  const { store } = app;
  const { route } = sources;
  const all = store.rows();
  const rows = sources.shown.rows;
  const isBusy = store.isLoading;
  const go = ({ detail }: CustomEvent<Partial<Route>>) => sources.go(detail);
  return html`<main class="page" data-open=${route.selected ? "details" : "list"}>
    <div class="list-side">
      <div class="title-row">
        <h1>Sources</h1>
        <p class="shown" role="status">${isBusy && all.length === 0 ? "" : rows.length === all.length ? plural(all.length, "source") : `${rows.length.toLocaleString("en")} of ${plural(all.length, "source")}`}</p>
        <button type="button" class="button primary" data-action="new" aria-keyshortcuts="n" title="New source (n)" @click=${sources.create}>${icon("plus")}New source</button>
      </div>
      <filter-bar .route=${route} .types=${sources.shown.counts.types} .statuses=${sources.shown.counts.statuses} .counts=${perProvider((name) => store.half(name).rows.length)} .without=${sources.shown.without}
        .shownCount=${sources.shown.count.shown || rows.length} .isLoading=${isBusy}
        @filter-change=${go} @sort-change=${go} @reload=${sources.reload} @list-enter=${sources.focusList}
        @columns-change=${({ detail }: CustomEvent<Column[]>) => sources.shown.chooseColumns(detail)} @export=${({ detail }: CustomEvent<Format>) => void sources.shown.export(detail)}></filter-bar>
      ${PROVIDERS.map((provider) => notice(app, provider))}
      <source-list .rows=${rows} .route=${route} .without=${sources.shown.without} .ticked=${sources.shown.ticked} .held=${sources.bulk.open} .linkTo=${sources.linkTo} .isBusy=${isBusy} .emptyText=${emptyText(app, all)}
        @sort-change=${go} @source-open=${({ detail }: CustomEvent<{ key: string }>) => void sources.open(detail.key)}
        @tick=${({ detail }: CustomEvent<{ key: string; isRange: boolean }>) => sources.shown.tick(detail)} @tick-all=${sources.shown.tickAll}
        @tick-through=${({ detail }: CustomEvent<{ from: string; to: string }>) => sources.shown.tickThrough(detail)}></source-list>
      ${rows.length === 0 && all.length > 0 && !isBusy ? html`<p class="empty-action"><button type="button" class="button" @click=${sources.clearFilters}>Clear search and filters</button></p>` : nothing}
      ${selectionBar(sources.shown.count, sources.bulk.can, sources.bulk)}
      ${jobBar(sources.bulk.jobs, sources.bulk.undo)}
    </div>
    ${route.selected ? details(app, sources, sources.selected) : nothing}
  </main>`;
}

function emptyText({ store }: App, all: readonly Row[]): string {
  if (all.length > 0) return "No source matches";
  return PROVIDERS.some((name) => store.half(name).failure) ? "No sources could be loaded" : "There are no sources yet";
}

/** What one provider keeps from being shown, while the other goes on. */
function notice({ connection, store }: App, provider: ProviderName): TemplateResult | typeof nothing {
  const { failure, rows } = store.half(provider);
  if (connection.modes[provider] === "off") return offNotice(provider, connection);
  if (!failure) return nothing;
  const rest = rows.length > 0 ? `${plural(rows.length, "source")} of it below may be out of date or not all there are.` : "Its sources are missing below.";
  return html`<div class="notice" data-level="error" role="alert" data-provider=${provider}>
    <h2>${icon("error")}${failure.title}</h2>
    ${failureText(failure)}
    <p>${rest}</p>
    <button type="button" class="button" @click=${() => void store.load(provider)}>Retry ${brand(provider)}</button>
  </div>`;
}

/** Is it known that the address leads to no source, or which provider could not be asked? */
function missing({ connection, store }: App, key: string): { isMissing: boolean; failedAt: string } {
  const provider = PROVIDERS.find((name) => key.startsWith(keyOf({ provider: name, id: "" })));
  const isMissing = !provider || store.half(provider).isLoaded || connection.modes[provider] === "off";
  return { isMissing, failedAt: !isMissing && store.half(provider).failure ? brand(provider) : "" };
}

function details(app: App, sources: Sources, row: Row | undefined): TemplateResult {
  const { store } = app;
  const { isMissing, failedAt } = missing(app, sources.route.selected);
  const provider = row?.provider;
  const { isBusy, failure } = sources.switching;
  return html`<source-details .row=${row} .source=${row && store.source(row.provider, row.id)} .isMissing=${!row && isMissing} .failedAt=${failedAt}
    .canSwitch=${provider !== undefined && canSwitch(provider)} .canDelete=${provider !== undefined && canDelete(provider)} .whyNoDelete=${provider ? whyNoDelete(provider) : ""}
    .isBusy=${isBusy} .failure=${failure} .past=${row ? sources.history.of(row) : undefined} .ways=${row ? sources.waysOf(row) : []}
    @source-purge=${sources.purge} @source-settle=${sources.settle} @source-way=${sources.goThere} @details-close=${sources.closeDetails} @source-edit=${() => sources.edit()} @source-delete=${sources.delete}
    @source-disable=${sources.disable} @source-enable=${() => void sources.enable()}></source-details>`;
}

function whyNoDelete(provider: ProviderName): string {
  if (canDelete(provider)) return "";
  return `A source of ${brand(provider)} cannot be deleted: its API has no such operation. It can be disabled instead.`;
}
