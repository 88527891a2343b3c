import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { isSecretName, masked, withoutUser } from "../../model/secrets.js";
import { leavesOf } from "../../forms/fields.js";
import { sourceForm } from "../../package.js";
import { moment, visible, webAddress, wordsOf } from "../../text/visible.js";
import type { Failure, FormField, Json, Row, Source } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign, foreignLink, providerBadge, statusBadge } from "../../widgets/parts.js";
import type { Past } from "./history.js";
import "../../widgets/copy-button.js";
import "../../widgets/deploy-timeline.js";

/** A screen that shows more of a source. */
export interface Way {
  title: string;
  view: string;
  part: Record<string, string>;
  href: string;
}

/** One source: what is known of it, and what can be done with it. */
export class SourceDetails extends Widget {
  static override properties = {
    row: {}, source: {}, isMissing: {}, failedAt: {}, canSwitch: {}, canDelete: {}, isBusy: {}, failure: {}, whyNoDelete: {}, past: {}, ways: {}, revealed: { state: true },
  };

  declare row: Row | undefined;
  declare source: Source | undefined;
  declare isMissing: boolean;
  /** The provider that could not be asked for it. */
  declare failedAt: string;
  declare canSwitch: boolean;
  declare canDelete: boolean;
  declare isBusy: boolean;
  declare failure: Failure | undefined;
  declare whyNoDelete: string;
  /** What was seen of its deployments. */
  declare past: Past;
  /** Where more of it is shown. */
  declare ways: Way[];
  declare revealed: ReadonlySet<string>;
  #fields = new Map<string, FormField>();

  constructor() {
    super();
    this.revealed = new Set();
  }

  focusHeading(): void {
    this.querySelector<HTMLElement>("h2")?.focus();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("row")) return;
    const before = changed.get("row") as Row | undefined;
    if (before?.id !== this.row?.id) this.revealed = new Set();
    if (this.row && before?.provider !== this.row.provider)
      this.#fields = new Map(leavesOf(sourceForm(this.row.provider)).map(({ field }) => [field.name, field]));
  }

  protected override render(): TemplateResult {
    const { row } = this;
    return html`<section class="details" aria-labelledby="details-heading">
      <header class="details-head">
        ${row ? html`<div class="details-kind">${providerBadge(row.provider)}<span class="type">${visible(row.type ?? "unknown")}</span></div>` : nothing}
        <h2 id="details-heading" tabindex="-1">${row ? foreign(row.name) : this.isMissing ? "No such source" : "Source"}</h2>
        <button type="button" class="icon-button" aria-label="Close details" title="Close (Esc)" @click=${() => this.emit("details-close")}>${icon("close")}</button>
      </header>
      ${row && this.source ? this.#body(row, this.source) : html`<p class="prose">${this.isMissing ? "It may have been deleted, or belong to another account." : this.failedAt ? `The sources of ${this.failedAt} could not be loaded, so nothing is known of it.` : "Loading …"}</p>`}
    </section>`;
  }

  #body(row: Row, source: Source): TemplateResult {
    return html`
      <div class="actions">
        <button type="button" class="button" data-action="edit" aria-keyshortcuts="e" @click=${() => this.emit("source-edit")}>${icon("edit")}Edit</button>
        ${this.canSwitch ? html`<button type="button" class="button" data-action="switch" aria-disabled=${this.isBusy ? "true" : nothing} @click=${() => this.isBusy || this.emit(row.enabled === false ? "source-enable" : "source-disable")}>${icon("power")}${row.enabled === false ? "Enable" : "Disable"}</button>` : nothing}
        ${row.hosts.length > 0 ? html`<button type="button" class="button" data-action="purge" @click=${() => this.emit("source-purge")}>${icon("reload")}Purge</button>` : nothing}
        ${this.ways.map((way) => html`<a class="button" href=${way.href} @click=${(event: MouseEvent) => this.#go(event, way)}>${way.title}</a>`)}
        ${this.canDelete ? html`<button type="button" class="button danger" data-action="delete" @click=${() => this.emit("source-delete")}>${icon("trash")}Delete</button>` : nothing}
      </div>
      ${this.failure ? html`<div class="notice" data-level="error"><h3>${this.failure.title}</h3>${failureText(this.failure)}</div>` : nothing}
      ${this.past.isStale
        ? html`<div class="notice" data-level="warning" data-offer="purge"><h3>${icon("warn")}What is cached looks as before</h3>
            <p>Images that are cached stay as they were until they expire or are purged.</p>
            <div class="job-foot"><button type="button" class="button" @click=${() => this.emit("source-purge")}>Purge an image</button>
              <button type="button" class="button" @click=${() => this.emit("source-settle")}>Dismiss</button></div></div>`
        : nothing}
      <dl class="facts">
        <div><dt>Status</dt><dd>${statusBadge(row)}</dd></div>
        <div><dt>Id</dt><dd class="mono with-copy">${foreign(row.id)}<copy-button .text=${row.id} label="id"></copy-button></dd></div>
        ${row.hosts.map((host, at) => html`<div><dt>${at === 0 ? (row.hosts.length > 1 ? "Hosts" : "Host") : html`<span class="visually-hidden">Host ${at + 1}</span>`}</dt><dd class="mono with-copy">${foreignLink(host, hostAddress(host))}<copy-button .text=${host} label="host ${host}"></copy-button></dd></div>`)}
        ${row.changedAt === undefined ? nothing : html`<div><dt>Changed</dt><dd class="numbers">${moment(row.changedAt)}</dd></div>`}
      </dl>
      <deploy-timeline .status=${row.status} .deployedAt=${row.changedAt} .changedAt=${this.past.changedAt} .seen=${this.past.seen}></deploy-timeline>
      ${this.#attributes(source)}
      ${this.whyNoDelete ? html`<p class="prose why">${this.whyNoDelete}</p>` : nothing}
    `;
  }

  #go(event: MouseEvent, way: Way): void {
    // A link may be opened elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.emit("source-way", way);
  }

  #attributes(source: Source): TemplateResult {
    const entries = Object.entries(source).filter(([name]) => name !== "id");
    const isGroup = (value: Json): value is { [name: string]: Json } => typeof value === "object" && value !== null && !Array.isArray(value);
    const plain = entries.filter(([, value]) => !isGroup(value));
    return html`
      <section class="attributes"><h3>Attributes</h3><dl>${plain.map(([name, value]) => this.#attribute(name, value, name))}</dl></section>
      ${entries.map(([name, group]) =>
        isGroup(group)
          ? html`<section class="attributes"><h3>${wordsOf(visible(name))}</h3><dl>${Object.entries(group).map(([inner, value]) => this.#attribute(inner, value, `${name}.${inner}`))}</dl></section>`
          : nothing,
      )}
    `;
  }

  #attribute(name: string, value: Json, path: string): TemplateResult {
    return html`<div><dt title=${this.#fields.get(name)?.help ?? nothing}>${foreign(name)}</dt><dd class="mono">${this.#value(name, value, path)}</dd></div>`;
  }

  #value(name: string, value: Json, path: string): TemplateResult {
    if (value === null) return html`<span class="none">null</span>`;
    if (typeof value === "string" && (isSecretName(name) || this.#fields.get(name)?.secret)) return this.#secret(name, value, path);
    if (typeof value === "string") return value === "" ? html`<span class="none">empty</span>` : foreignLink(withoutUser(value));
    if (Array.isArray(value) && value.every((item) => typeof item === "string"))
      return value.length === 0 ? html`<span class="none">none</span>` : html`<ul class="values">${value.map((item) => html`<li>${foreign(item)}</li>`)}</ul>`;
    if (typeof value === "object") return Object.keys(value).length === 0 ? html`<span class="none">none</span>` : html`<pre class="json">${visible(JSON.stringify(hideSecrets(value), null, 2))}</pre>`;
    return html`${String(value)}`;
  }

  /** What only the provider sets is a token for signing, and the only secret that can be looked at. */
  #secret(name: string, value: string, path: string): TemplateResult {
    const known = this.#fields.get(name);
    const isToken = !known && !/^\*+$/.test(value);
    const isShown = isToken && this.revealed.has(path);
    const text = isShown ? visible(value) : masked(/^\*+$/.test(value) ? "" : value, known !== undefined && !known.secret);
    return html`<span class="secret">${isShown ? text : html`<span aria-hidden="true">${text}</span><span class="visually-hidden">hidden${known && !known.secret ? `, ends with ${value.slice(-4)}` : ""}</span>`}</span>
      ${isToken ? html`<button type="button" class="link-button" aria-pressed=${isShown ? "true" : "false"} @click=${() => this.#toggle(path)}>Reveal<span class="visually-hidden"> ${visible(name)}</span></button><copy-button .text=${value} .label=${visible(name)}></copy-button>` : nothing}`;
  }

  #toggle(path: string): void {
    const revealed = new Set(this.revealed);
    if (!revealed.delete(path)) revealed.add(path);
    this.revealed = revealed;
  }
}

/** Secrets inside of values that are shown as JSON. */
const hideSecrets = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (name, inner: Json) => (typeof inner === "string" && name && isSecretName(name) ? masked(inner, false) : typeof inner === "string" ? withoutUser(inner) : inner))) as Json;

/** A host may be followed by a path; anything else is no address. */
const hostAddress = (host: string): string | undefined =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[\w.-]*)*$/i.test(host) ? webAddress(`https://${host}`) : undefined;

customElements.define("source-details", SourceDetails);
