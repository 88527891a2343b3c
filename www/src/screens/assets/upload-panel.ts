import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { operation } from "../../model/capabilities.js";
import { plural, visible } from "../../text/visible.js";
import "../../widgets/copy-button.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign, sentence } from "../../widgets/parts.js";
import { bytes } from "./asset.js";
import { isOver, isRunning, targetOf, type Upload, type Uploads } from "./uploads.js";

const WORDS: Record<Upload["state"], string> = {
  waiting: "ready", queued: "waits for its turn", sending: "sending", finishing: "sent; the provider takes it in", done: "uploaded", failed: "failed", stopped: "stopped",
};

/** Files chosen, dropped or pasted, on their way into a source. */
export class UploadPanel extends Widget {
  static override properties = { uploads: {}, list: {}, options: {}, name: {}, why: {}, addressOf: {} };

  declare uploads: Uploads;
  /** Tells that something has changed. */
  declare list: readonly Upload[];
  declare options: Uploads["options"];
  /** Of the source. */
  declare name: string;
  /** Why nothing can be uploaded here. */
  declare why: string;
  declare addressOf: (path: string) => string | undefined;

  protected override firstUpdated(_: PropertyValues): void {
    this.querySelector<HTMLElement>("h2")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<section class="box upload" aria-labelledby="upload-heading">
      <header class="box-head"><h2 id="upload-heading" tabindex="-1">Upload to ${foreign(this.name)}</h2>
        <button type="button" class="icon-button" aria-label="Close upload" title=${this.uploads.running > 0 ? "Stop the uploads first" : "Close"} aria-disabled=${this.uploads.running > 0 ? "true" : nothing}
          @click=${() => this.uploads.running > 0 || this.emit("upload-close")}>${icon("close")}</button></header>
      ${this.why ? html`<p class="notice" data-level="warning">${this.why}</p>` : this.#body()}
    </section>`;
  }

  #body(): TemplateResult {
    const { uploads } = this;
    const { prefix, overwrite, contentType } = uploads.options;
    const [prefixProblem, typeProblem] = [uploads.prefixProblem(), uploads.typeProblem()];
    const ready = uploads.ready.length;
    const set = (name: "prefix" | "contentType") => (event: Event) => uploads.set({ [name]: (event.target as HTMLInputElement).value });
    return html`
      <div class="drop" @click=${(event: Event) => event.target === event.currentTarget && this.#pick()}>
        <input type="file" multiple class="visually-hidden" id="upload-files" tabindex="-1" aria-hidden="true" @change=${this.#picked} />
        <button type="button" class="button" data-action="choose-files" @click=${() => this.#pick()}>${icon("plus")}Choose files</button>
        <span class="help">or drop them here, or paste pictures</span>
      </div>
      <div class="upload-options">
        ${textField("upload-prefix", "Folder", prefix, prefixProblem, "products/2026; empty: no folder", set("prefix"))}
        ${textField("upload-type", "Content type", contentType, typeProblem, "empty: that of each file", set("contentType"))}
        <label class="option"><input type="checkbox" id="upload-overwrite" .checked=${overwrite} @change=${(event: Event) => uploads.set({ overwrite: (event.target as HTMLInputElement).checked })} /> Replace files that are there</label>
      </div>
      <p class="help">${uploads.options.overwrite ? "Replacing needs the permission Asset Purge as well. " : ""}Needs the permission ${operation("imgix", "assets.upload")?.permission}. Two uploads a second leave at most; large files go straight to the storage, by a session.</p>
      ${uploads.list.length === 0 ? nothing : this.#files(ready)}
    `;
  }

  #files(ready: number): TemplateResult {
    const { list, running } = this.uploads;
    const done = list.filter(({ state }) => state === "done");
    const addresses = done.map(({ path }) => this.addressOf(path) ?? path).join("\n");
    return html`
      <ul class="files" aria-label="Files">${repeat(list, ({ id }) => id, (upload) => this.#file(upload))}</ul>
      <div class="box-foot">
        <p class="help" role="status">${done.length} of ${plural(list.length, "file")} uploaded${running > 0 ? `, ${running} under way` : ""}</p>
        ${done.length > 0 ? html`<span class="with-copy help">Addresses<copy-button .text=${addresses} label="addresses of what was uploaded"></copy-button></span>` : nothing}
        ${list.some(isOver) ? html`<button type="button" class="button" @click=${() => this.uploads.clear()}>Clear list</button>` : nothing}
        ${running > 0 ? html`<button type="button" class="button danger" data-action="stop-all" @click=${() => this.uploads.stopAll()}>Stop all</button>` : nothing}
        <button type="button" class="button primary" data-action="upload" aria-disabled=${ready === 0 ? "true" : nothing} @click=${() => this.emit("upload-start")}>Upload ${ready === 0 ? "" : plural(ready, "file")}</button>
      </div>`;
  }

  #file(upload: Upload): TemplateResult {
    const { id, file, state, sent, way, failure } = upload;
    const path = upload.path || targetOf(this.uploads.options.prefix, file);
    const problem = this.uploads.problem(upload);
    const isSending = state === "sending" || state === "finishing";
    const share = file.size > 0 ? Math.floor((sent / file.size) * 100) : 0;
    const exists = state === "failed" && !upload.overwrite && /exist|overwrite/i.test(failure?.message ?? "");
    return html`<li class="file" data-state=${problem ? "failed" : state}>
      <div class="file-head"><span class="file-path mono">${foreign(path)}</span><span class="file-size numbers">${bytes(file.size)}</span>
        <span class="file-tools">
          ${isRunning(upload) ? html`<button type="button" class="link-button" @click=${() => this.uploads.stop(id)}>Stop<span class="visually-hidden"> ${visible(path)}</span></button>` : nothing}
          ${state === "failed" || state === "stopped" ? html`<button type="button" class="link-button" @click=${() => this.emit("upload-again", { id })}>Retry<span class="visually-hidden"> ${visible(path)}</span></button>` : nothing}
          ${exists ? html`<button type="button" class="link-button" @click=${() => this.emit("upload-again", { id, overwrite: true })}>Replace<span class="visually-hidden"> ${visible(path)}</span></button>` : nothing}
          ${isRunning(upload) ? nothing : html`<button type="button" class="icon-button small" aria-label="Take ${visible(path)} off the list" title="Take off the list" @click=${() => this.#remove(id)}>${icon("close")}</button>`}
        </span></div>
      ${isSending ? html`<progress max="100" .value=${share} aria-label="${visible(path)}"></progress>` : nothing}
      <p class="file-state">${problem ? html`<span class="wrong">${problem}</span>` : html`${upload.mustWait ? "the provider asks to wait; it is sent again by itself" : state === "sending" && !way ? WORDS.queued : WORDS[state]}${state === "sending" && way && !upload.mustWait ? `, ${share} %` : ""}${way ? ` · by ${way}` : ""}`}</p>
      ${failure ? html`<div class="file-failure wrong"><p>${failure.title}</p>${failureText(failure)}${failure.status === 403 && upload.overwrite ? html`<p>To replace files, the key needs the permission Asset Purge as well.</p>` : nothing}</div>` : nothing}
    </li>`;
  }

  /** The button that had the focus goes with its file. */
  #remove(id: number): void {
    this.uploads.remove(id);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(".files .icon-button, [data-action=choose-files]")?.focus());
  }

  #pick(): void {
    this.querySelector<HTMLInputElement>("#upload-files")!.click();
  }

  readonly #picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    this.uploads.add(input.files ?? []);
    // The same file can be chosen again.
    input.value = "";
  };
}

const textField = (id: string, label: string, value: string, problem: string, placeholder: string, change: (event: Event) => void): TemplateResult =>
  html`<div class="field" data-level=${problem ? "error" : nothing}><label class="label" for=${id}>${label}</label>
    <input class="input mono" id=${id} .value=${value} placeholder=${placeholder} autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=${problem ? "true" : nothing} aria-describedby=${problem ? `${id}-problem` : nothing} @input=${change} />
    ${problem ? html`<ul class="problems" id="${id}-problem"><li data-level="error">${icon("error")}<span>${sentence(problem)}</span></li></ul>` : nothing}</div>`;

customElements.define("upload-panel", UploadPanel);
