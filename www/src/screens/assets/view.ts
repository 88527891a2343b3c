// The screen as a function of the app and its own state.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { operation } from "../../model/capabilities.js";
import { plural } from "../../text/visible.js";
import { icon } from "../../widgets/icons.js";
import { offNotice } from "../../widgets/off-notice.js";
import { failureText, foreign } from "../../widgets/parts.js";
import type { Assets } from "./assets.js";
import { active, type Asked, SEARCH } from "./query.js";
import type { Run } from "./run.js";
import "./details.js";
import "./filters.js";
import "./grid.js";
import "./run-panel.js";
import "./upload-panel.js";

export function view(assets: Assets): TemplateResult {
  const { connection } = assets.app;
  if (connection.modes.imgix === "off") return html`<main class="page"><div class="list-side"><h1>Assets</h1>${offNotice("imgix", connection)}</div></main>`;
  assets.sync();
  const { loaded, source, opened, row } = assets;
  return html`<main class="page" data-open=${opened ? "details" : "list"} @dragover=${(event: DragEvent) => drag(assets, event)} @drop=${(event: DragEvent) => drop(assets, event)}>
    <div class="list-side">
      <div class="title-row">
        <h1>Assets</h1>
        <p class="shown" role="status">${countText(assets)}</p>
        ${source ? html`<span class="title-actions"><button type="button" class="button" data-action="add" @click=${assets.add}>Add by path</button>
          <button type="button" class="button primary" data-action="open-upload" aria-keyshortcuts="u" title="Upload (u)" @click=${() => assets.openUpload()}>${icon("upload")}Upload</button></span>` : nothing}
      </div>
      <asset-filters .asked=${assets.asked} .sources=${assets.sources} .source=${source} .isLoading=${loaded.isLoading}
        @assets-ask=${({ detail }: CustomEvent<{ part: Asked; isTyping: boolean }>) => assets.ask(detail.part, detail.isTyping)}
        @source-choose=${({ detail }: CustomEvent<{ id: string }>) => assets.chooseSource(detail.id)} @reload=${assets.reload} @list-enter=${assets.focusGrid}></asset-filters>
      ${assets.isUploadOpen && source ? html`<upload-panel .uploads=${assets.uploads} .list=${assets.uploads.list} .options=${assets.uploads.options} .name=${row?.name ?? source} .why=${assets.whyNoUpload} .addressOf=${assets.addressOf}
        @upload-start=${() => void assets.upload()} @upload-close=${() => void assets.closeUpload()} @upload-again=${({ detail }: CustomEvent<{ id: number; overwrite?: boolean }>) => void assets.uploadAgain(detail.id, detail.overwrite)} @upload-on=${({ detail }: CustomEvent<{ id: number }>) => void assets.uploadOn(detail.id)}
        @upload-end=${({ detail }: CustomEvent<{ id: number; isRemoved?: boolean }>) => void assets.uploadEnd(detail.id, detail.isRemoved ?? false)}></upload-panel>` : source ? interrupted(assets) : nothing}
      ${assets.elsewhere.map(({ source, name, running, broken }) => html`<div class="notice" data-level=${broken > 0 ? "warning" : "info"}><p role="status">Uploads to ${foreign(name)}: ${[...(running > 0 ? [`${running} under way`] : []), ...(broken > 0 ? [`${broken} not finished`] : [])].join(", ")}.</p>
        <button type="button" class="button" data-action="show-uploads" @click=${() => assets.showUploads(source)}>Show</button></div>`)}
      ${repeat(assets.runs, (run) => run, (run) => html`<run-panel .run=${run} .wait=${run.state === "running" ? assets.waits.words(run.work.operation) : ""} .version=${assets.version} @run-close=${({ detail }: CustomEvent<{ run: Run }>) => assets.closeRun(detail.run)} @run-again=${({ detail }: CustomEvent<{ run: Run }>) => void assets.again(detail.run)}></run-panel>`)}
      ${source ? list(assets) : chooser(assets)}
    </div>
    ${opened ? details(assets) : nothing}
  </main>`;
}

/** What a reload broke off is not shown by itself, but said. */
function interrupted(assets: Assets): TemplateResult | typeof nothing {
  const count = assets.uploads.missing.length;
  if (count === 0) return nothing;
  return html`<div class="notice" data-level="warning"><p>${plural(count, "upload")} to this source ${count === 1 ? "was" : "were"} not finished when the page was loaded again.</p>
    <button type="button" class="button" data-action="open-interrupted" @click=${() => assets.openUpload()}>Show</button></div>`;
}

function countText({ loaded, source }: Assets): string {
  const { items, total, isLoading, hasMore, failure } = loaded;
  if (!source || (items.length === 0 && (isLoading || failure))) return "";
  const count = items.length.toLocaleString("en");
  return total !== undefined && total > items.length ? `${count} of ${plural(total, "asset")} loaded` : hasMore ? `${count} loaded, there are more` : plural(items.length, "asset");
}

/** Nothing is chosen yet. */
function chooser({ app, sources }: Assets): TemplateResult {
  const { failure } = app.store.half("imgix");
  if (failure && sources.length === 0)
    return html`<div class="notice" data-level="error" role="alert"><h2>${icon("error")}${failure.title}</h2>${failureText(failure)}<p>Without its sources there is nothing to choose from.</p>
      <button type="button" class="button" @click=${() => void app.store.load("imgix")}>Retry</button></div>`;
  return html`<div class="empty"><p class="empty-title">${app.store.half("imgix").isLoading ? "Loading the sources …" : sources.length === 0 ? "There are no sources yet" : "Choose a source to see its assets"}</p></div>`;
}

function list(assets: Assets): TemplateResult {
  const { loaded, chosen, waits } = assets;
  const { items, isLoading, failure } = loaded;
  const problem = failure
    ? html`<div class="notice" data-level="error" role="alert"><h2>${icon("error")}${failure.title}</h2>${failureText(failure)}
        ${items.length > 0 ? html`<p>What was loaded before is shown below.</p>` : nothing}
        <button type="button" class="button" data-action="retry" @click=${() => void loaded.retry()}>Retry</button></div>`
    : nothing;
  if (items.length === 0) return html`${problem}${isLoading ? (loaded.isSlow ? bones(waits.words("assets.list")) : nothing) : failure ? nothing : empty(assets)}`;
  return html`${problem}
    <div class="chosen-bar" role="toolbar" aria-label="Chosen assets">
      <p class="help" role="status">${chosen.size === 0 ? "None chosen" : `${chosen.size.toLocaleString("en")} chosen`}</p>
      <button type="button" class="button" @click=${assets.chooseAll}>Choose ${items.length.toLocaleString("en")} loaded</button>
      ${chosen.size === 0
        ? nothing
        : html`<button type="button" class="button" @click=${assets.chooseNone}>Choose none</button>
            <button type="button" class="button" data-action="refresh-chosen" @click=${() => void assets.refresh([...chosen])}>${icon("reload")}Refresh</button>
            <button type="button" class="button danger" data-action="purge-chosen" @click=${() => void assets.purge([...chosen])}>${icon("trash")}Purge</button>`}
    </div>
    <asset-grid .items=${items} .chosen=${chosen} .opened=${assets.opened} .total=${loaded.total} .hasMore=${loaded.hasMore && !failure} .isBusy=${isLoading} .picture=${assets.picture} .load=${assets.load} .hrefOf=${assets.hrefOf} .row=${assets.row}
      @grid-more=${() => void loaded.more()} @asset-choose=${({ detail }: CustomEvent<{ paths: string[]; on: boolean }>) => assets.choose(detail.paths, detail.on)}
      @asset-open=${({ detail }: CustomEvent<{ path: string }>) => void assets.open(detail.path)}></asset-grid>
    <p class="more-rows help" role="status">${isLoading ? waits.words("assets.list") || "Loading more …" : ""}</p>`;
}

const bones = (wait: string): TemplateResult => html`<p class="help" role="status">${wait}</p><div class="asset-bones skeleton" role="status" aria-label="Loading assets">${Array.from({ length: 8 }, () => html`<div class="bone"></div>`)}</div>`;

function empty(assets: Assets): TemplateResult {
  const isAsked = active(assets.asked).length > 0 || assets.asked[SEARCH.key];
  return html`<div class="empty"><p class="empty-title">${isAsked ? "No asset matches" : "There are no assets in this source yet"}</p></div>`;
}

function details(assets: Assets): TemplateResult {
  const { detail, opened } = assets;
  const asset = detail?.asset;
  const limit = operation("imgix", "assets.refresh");
  const act = ({ detail: { what } }: CustomEvent<{ what: string }>) => void (what === "edit" ? assets.edit() : what === "purge" ? assets.purge([opened]) : assets.refresh([opened]));
  return html`<asset-details .path=${opened} .asset=${asset} .picture=${asset ? assets.picture(asset) : {}} .load=${assets.load} .address=${assets.addressOf(opened)} .isReal=${assets.app.connection.modes.imgix === "live"} .isMissing=${detail?.isMissing ?? false} .failure=${detail?.failure}
    .isBusy=${assets.runs.some((run) => run.isOpen && run.work.targets.some(({ path }) => path === opened))} .refreshNote=${`${limit?.help ?? ""} At most ten can be refreshed in a minute.`}
    @details-close=${() => void assets.close()} @asset-act=${act} @asset-find=${({ detail }: CustomEvent<Asked>) => assets.ask(detail, false)}></asset-details>`;
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;

function drag(assets: Assets, event: DragEvent): void {
  if (!assets.source || !hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer!.dropEffect = "copy";
}

function drop(assets: Assets, event: DragEvent): void {
  if (!assets.source || !hasFiles(event)) return;
  event.preventDefault();
  assets.openUpload(event.dataTransfer!.files);
}
