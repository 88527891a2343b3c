import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { brand, operation } from "../../model/capabilities.js";
import { plural, visible } from "../../text/visible.js";
import type { Failure } from "../../types.js";
import "../../widgets/copy-button.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign, sentence } from "../../widgets/parts.js";
import { bytes } from "./asset.js";
import { isCleared, isMissing, isRunning, targetOf, type Upload, type Uploads } from "./uploads.js";

const WORDS: Record<Upload["state"], string> = {
  waiting: "ready", queued: "waits for its turn", sending: "sending", finishing: "sent; the provider takes it in", done: "uploaded", failed: "failed", stopped: "stopped",
};

/** What a step that failed needs to go on. */
const NEXT: Record<NonNullable<Upload["step"]>, string> = {
  open: "No session was opened.",
  bytes: "Resume sends the file again into the same session. One request carries all of it, so what had arrived before does not count.",
  close: "All bytes have arrived. Resume sends none of them again: it closes the session.",
  wait: "All bytes have arrived, and imgix has been told. Resume only looks whether it has taken the file in.",
};

/** Of a double click the second one falls on what has taken the place of the first one's button. */
const isFirst = (event: Event): boolean => (event as MouseEvent).detail <= 1;

/** Enter that is held down presses a button once. */
const once = (event: KeyboardEvent): void => {
  if (event.repeat && event.key === "Enter" && event.target instanceof HTMLButtonElement) event.preventDefault();
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Where it is, in words. */
function stateText(upload: Upload, isOnline: boolean): string {
  const { state, way, step, session, mustWait, sent, file } = upload;
  if (mustWait) return "the provider asks to wait; it is sent again by itself";
  const by = way ? ` · by ${way}` : "";
  if (state === "failed" && isMissing(upload) && !upload.failure) return `interrupted: the page was loaded again${step === "close" || step === "wait" ? "" : " before all bytes had arrived"}`;
  if (state === "failed" && upload.lost) return upload.lost === "waits" && !isOnline ? "no connection; it goes on by itself when there is one" : `interrupted${by}`;
  if (state === "queued" && !isOnline) return "no connection; it is sent when there is one";
  if (state === "sending") return way ? `${WORDS.sending}, ${file.size > 0 ? Math.floor((sent / file.size) * 100) : 0} %${by}` : step === "open" ? "a session is opened" : session ? "it is asked how far the session is" : WORDS.queued;
  if (state === "finishing" && step === "close") return `all bytes have arrived; the session is closed${by}`;
  if (state === "finishing" && step === "wait") return `all bytes have arrived; imgix takes the file in${by}`;
  return WORDS[state] + by;
}

/** What went wrong. A session's bytes go to the storage, which is not the provider's, and no key goes with them. */
function told(failure: Failure): Failure {
  const { title, message, status = 0, operation } = failure;
  if (operation !== "uploadSessions.put") return failure;
  if (status >= 400 && status < 500 && status !== 429) return { ...failure, title: "The storage did not take the file" };
  if (title.startsWith("The answer")) return { ...failure, title: "The answer of the storage cannot be read", message: message.replace(/, because [^,]* the key there/, "") };
  return { ...failure, title: title.replace(brand("imgix"), "The storage") };
}

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

  /** Where the focus was before the buttons changed: in a row, or elsewhere in the panel. */
  #place: string | undefined;

  protected override willUpdate(_: PropertyValues): void {
    const { activeElement } = document;
    this.#place = this.contains(activeElement) ? activeElement?.closest(".file")?.id ?? "upload-heading" : undefined;
  }

  /** A button that had the focus may be gone with what it was for. No other button gets it: whoever holds the key down means none of them. */
  protected override updated(_: PropertyValues): void {
    if (this.#place && document.activeElement === document.body) (this.querySelector<HTMLElement>(`#${this.#place}`) ?? this.#heading)?.focus();
  }

  get #heading(): HTMLElement | null {
    return this.querySelector("h2");
  }

  protected override firstUpdated(_: PropertyValues): void {
    this.#heading?.focus();
  }

  protected override render(): TemplateResult {
    return html`<section class="box upload" aria-labelledby="upload-heading" @keydown=${once}>
      <header class="box-head"><h2 id="upload-heading" tabindex="-1">Upload to ${foreign(this.name)}</h2>
        <button type="button" class="icon-button" aria-label="Close upload" title=${this.uploads.running > 0 ? "Stop the uploads first" : this.uploads.list.some(({ session }) => session) ? "Close, and give up what is not finished" : "Close"} aria-disabled=${this.uploads.running > 0 ? "true" : nothing}
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
    const { list, running, waiting } = this.uploads;
    const done = list.filter(({ state }) => state === "done");
    const addresses = done.map(({ path }) => this.addressOf(path) ?? path).join("\n");
    return html`
      <ul class="files" aria-label="Files">${repeat(list, ({ id }) => id, (upload) => this.#file(upload))}</ul>
      <div class="box-foot">
        <p class="help" role="status">${done.length} of ${plural(list.length, "file")} uploaded${running > 0 ? `, ${running} under way` : ""}${waiting > 0 ? `, ${waiting} interrupted` : ""}</p>
        ${done.length > 0 ? html`<span class="with-copy help">Addresses<copy-button .text=${addresses} label="addresses of what was uploaded"></copy-button></span>` : nothing}
        ${list.some(isCleared) ? html`<button type="button" class="button" @click=${() => this.uploads.clear()}>Clear list</button>` : nothing}
        ${running > 0 ? html`<button type="button" class="button danger" data-action="stop-all" @click=${() => this.uploads.stopAll()}>Stop all</button>` : nothing}
        <button type="button" class="button primary" data-action="upload" aria-disabled=${ready === 0 ? "true" : nothing} @click=${() => this.emit("upload-start")}>Upload ${ready === 0 ? "" : plural(ready, "file")}</button>
      </div>`;
  }

  #file(upload: Upload): TemplateResult {
    const { id, file, state, sent, step, session, note } = upload;
    const failure = upload.failure && told(upload.failure);
    const path = upload.path || targetOf(this.uploads.options.prefix, file);
    const problem = this.uploads.problem(upload);
    const isSending = state === "sending" || state === "finishing";
    const share = file.size > 0 ? Math.floor((sent / file.size) * 100) : 0;
    const isOpen = state === "failed" && session !== undefined;
    const needsFile = isMissing(upload) && step !== "close" && step !== "wait";
    const act = (words: string, run: () => void): TemplateResult => html`<button type="button" class="link-button" @click=${(event: Event) => isFirst(event) && run()}>${words}<span class="visually-hidden"> ${visible(path)}</span></button>`;
    const exists = state === "failed" && !step && !upload.overwrite && /exist|overwrite/i.test(failure?.message ?? "");
    return html`<li class="file" id="file-${id}" tabindex="-1" data-state=${problem ? "failed" : state}>
      <div class="file-head"><span class="file-path mono">${foreign(path)}</span><span class="file-size numbers">${bytes(file.size)}</span>
        <span class="file-tools">
          ${isRunning(upload) ? act("Stop", () => this.uploads.stop(id)) : nothing}
          ${isOpen && !needsFile ? act("Resume", () => this.emit("upload-on", { id })) : nothing}
          ${state === "failed" && needsFile ? act("Choose the file again", () => this.#pick()) : nothing}
          ${isOpen && !isMissing(upload) ? act("Start over", () => this.emit("upload-again", { id })) : nothing}
          ${isOpen && step !== "wait" ? act("Give up", () => this.emit("upload-end", { id })) : nothing}
          ${(state === "failed" && !isOpen && !needsFile) || state === "stopped" ? act("Retry", () => this.emit("upload-again", { id })) : nothing}
          ${exists ? act("Replace", () => this.emit("upload-again", { id, overwrite: true })) : nothing}
          ${isRunning(upload) ? nothing : html`<button type="button" class="icon-button small" aria-label="Take ${visible(path)} off the list" title="Take off the list" @click=${(event: Event) => isFirst(event) && this.#remove(id)}>${icon("close")}</button>`}
        </span></div>
      ${isSending ? html`<progress max="100" .value=${share} aria-label="${visible(path)}"></progress>` : nothing}
      <p class="file-state">${problem ? html`<span class="wrong">${problem}</span>` : stateText(upload, this.uploads.isOnline)}</p>
      ${note ? html`<p class="file-note">${capital(note)}.</p>` : nothing}
      ${failure ? html`<div class="file-failure wrong"><p>${failure.title}</p>${failureText(failure)}${failure.status === 403 && upload.overwrite ? html`<p>To replace files, the key needs the permission Asset Purge as well.</p>` : nothing}${failure.unsure && step === "open" ? html`<p>If a session was opened, its id did not come: it gets no bytes, and ends by itself within eight hours.</p>` : nothing}${failure.title === "The storage cannot be reached" ? html`<p>If it never can be: the storage must allow this page's address in its CORS rules, and the page's policy must name the storage.</p>` : nothing}</div>` : nothing}
      ${isOpen ? html`<p class="file-note">${needsFile ? "Choose the same file again: it is sent in a new session, and the old one is cancelled. Its address could write, so it is not kept when a page is loaded again." : step === "bytes" && !session.url ? "Resume sends it in a new session, and cancels the old one." : NEXT[step ?? "bytes"]}</p>` : nothing}
    </li>`;
  }

  /** The button that had the focus goes with its file: `updated` sees to it. */
  #remove(id: number): void {
    this.emit("upload-end", { id, isRemoved: true });
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
