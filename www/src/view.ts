// The page as a function of its state. Values go down here, events come up to the controller.
import { html, nothing, type TemplateResult } from "lit";
import { brand, canDelete, canSwitch, operation } from "./model/capabilities.js";
import { keyOf } from "./model/route.js";
import { arrange, typesOf } from "./model/rows.js";
import { PROVIDERS } from "./package.js";
import type { Dialog, State } from "./state.js";
import { plural } from "./text/visible.js";
import type { Prepared, ProviderName, Row } from "./types.js";
import { icon } from "./widgets/icons.js";
import { failureText } from "./widgets/parts.js";
import "./widgets/app-header.js";
import "./widgets/confirm-dialog.js";
import "./widgets/filter-bar.js";
import "./widgets/shortcuts-dialog.js";
import "./widgets/source-details.js";
import "./widgets/source-form.js";
import "./widgets/source-list.js";
import "./widgets/toast-stack.js";

export interface Actions {
  create(): void;
  retry(provider: ProviderName): void;
  clearFilters(): void;
  prepare(provider: ProviderName, input: object): Promise<Prepared>;
}

export function view(state: State, actions: Actions): TemplateResult {
  const all = state.store.rows();
  const rows = arrange(all, state.route);
  const isBusy = state.isStarting || PROVIDERS.some((name) => state.store.half(name).isLoading);
  const selected = selectedOf(state, all);
  const counts = Object.fromEntries(PROVIDERS.map((name) => [name, state.store.half(name).rows.length])) as Record<ProviderName, number>;
  return html`
    <a class="skip" href="#search" @click=${skip}>Skip to the sources</a>
    <app-header .modes=${state.modes} .theme=${state.theme}></app-header>
    <main class="page" data-open=${state.route.selected ? "details" : "list"}>
      <div class="list-side">
        <div class="title-row">
          <h1>Sources</h1>
          <p class="shown" role="status">${isBusy && all.length === 0 ? "" : rows.length === all.length ? plural(all.length, "source") : `${rows.length.toLocaleString("en")} of ${plural(all.length, "source")}`}</p>
          <button type="button" class="button primary" data-action="new" aria-keyshortcuts="n" @click=${actions.create}>${icon("plus")}New source</button>
        </div>
        <filter-bar .route=${state.route} .types=${typesOf(all, state.route.provider)} .counts=${counts} .isLoading=${isBusy}></filter-bar>
        ${PROVIDERS.map((provider) => notice(state, provider, actions))}
        <source-list .rows=${rows} .route=${state.route} .isSkeleton=${state.isSkeleton} .isBusy=${isBusy} .emptyText=${emptyText(state, all)}></source-list>
        ${rows.length === 0 && all.length > 0 && !isBusy ? html`<p class="empty-action"><button type="button" class="button" @click=${actions.clearFilters}>Clear search and filters</button></p>` : nothing}
      </div>
      ${state.route.selected ? details(state, selected, isBusy) : nothing}
    </main>
    ${dialog(state, state.dialog, actions)}
    <toast-stack></toast-stack>
  `;
}

const skip = (event: Event): void => {
  event.preventDefault();
  document.getElementById("search")?.focus();
};

export const selectedOf = (state: State, rows: readonly Row[] = state.store.rows()): Row | undefined =>
  rows.find((row) => keyOf(row) === state.route.selected);

function emptyText(state: State, all: readonly Row[]): string {
  if (all.length > 0) return "No source matches";
  return PROVIDERS.some((name) => state.store.half(name).failure) ? "No sources could be loaded" : "There are no sources yet";
}

/** What one provider keeps from being shown, while the other goes on. */
function notice(state: State, provider: ProviderName, actions: Actions): TemplateResult | typeof nothing {
  const { failure, rows } = state.store.half(provider);
  if (state.modes[provider] === "off")
    return html`<div class="notice" data-level="warning"><h2>${brand(provider)} is not set up</h2><p>The server has neither a key nor a sandbox for it.</p></div>`;
  if (!failure) return nothing;
  const rest = rows.length > 0 ? `${plural(rows.length, "source")} of it below may be out of date or not all there are.` : "Its sources are missing below.";
  return html`<div class="notice" data-level="error" role="alert" data-provider=${provider}>
    <h2>${icon("error")}${failure.title}</h2>
    ${failureText(failure)}
    <p>${rest}</p>
    <button type="button" class="button" @click=${() => actions.retry(provider)}>Retry ${brand(provider)}</button>
  </div>`;
}

function details(state: State, row: Row | undefined, isBusy: boolean): TemplateResult {
  const provider = row?.provider;
  return html`<source-details .row=${row} .source=${row && state.store.source(row.provider, row.id)} .isMissing=${!row && !isBusy}
    .canSwitch=${provider !== undefined && canSwitch(provider)} .canDelete=${provider !== undefined && canDelete(provider)} .whyNoDelete=${provider ? whyNoDelete(provider) : ""}
    .isBusy=${state.details.isBusy} .failure=${state.details.failure}></source-details>`;
}

function whyNoDelete(provider: ProviderName): string {
  if (canDelete(provider)) return "";
  return `A source of ${brand(provider)} cannot be deleted: its API has no such operation. It can be disabled instead.`;
}

function dialog(state: State, open: Dialog | undefined, actions: Actions): TemplateResult | typeof nothing {
  switch (open?.kind) {
    case undefined:
      return nothing;
    case "shortcuts":
      return html`<shortcuts-dialog data-dialog .isOn=${state.areShortcutsOn}></shortcuts-dialog>`;
    case "form":
      return html`<source-form data-dialog .provider=${open.provider} .source=${open.source} .heading=${open.heading} .modes=${state.modes}
        .isSaving=${open.isSaving} .failure=${open.failure} .prepare=${actions.prepare}></source-form>`;
    case "confirm": {
      const { row, what } = open;
      return html`<confirm-dialog data-dialog .heading=${what === "delete" ? "Delete this source?" : "Disable this source?"} .name=${row.name} .provider=${row.provider} .mode=${state.modes[row.provider]}
        .lines=${what === "delete" ? deleteLines(row) : disableLines(row)} .action=${what === "delete" ? "Delete source" : "Disable source"} .mustType=${what === "delete"}
        .isBusy=${open.isBusy} .failure=${open.failure}></confirm-dialog>`;
    }
  }
}

const deleteLines = (row: Row): string[] => [
  operation(row.provider, "sources.delete")?.help ?? "",
  `Every image address below ${row.hosts.join(", ") || "it"} stops working. This cannot be undone.`,
];

const disableLines = (row: Row): string[] => [
  operation(row.provider, "sources.disable")?.help ?? "",
  "What is cached is still served until it expires. A disabled source refuses all other changes until it is enabled again.",
];

