import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Draft } from "../../forms/draft.js";
import { operation } from "../../model/capabilities.js";
import { toCurl } from "../../package.js";
import { visible } from "../../text/visible.js";
import type { Prepared, ProviderName } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import "../../widgets/copy-button.js";
import { sentence } from "../../widgets/parts.js";

const PAUSE_MS = 200;

/** The exact request that saving would send, secrets masked. */
export class RequestPreview extends Widget {
  static override properties = { draft: {}, version: {}, prepare: {}, isOpen: { state: true }, prepared: { state: true } };

  declare draft: Draft;
  /** Counts changes of the draft. */
  declare version: number;
  declare prepare: (provider: ProviderName, input: object) => Promise<Prepared>;
  declare isOpen: boolean;
  declare prepared: Prepared | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;

  override updated(changed: PropertyValues): void {
    if (!this.isOpen || !(changed.has("version") || changed.has("draft") || changed.has("isOpen"))) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), changed.has("isOpen") ? 0 : PAUSE_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const asked = (this.#latest += 1);
    const prepared = await this.prepare(this.draft.provider, this.draft.input()).catch(() => undefined);
    if (asked === this.#latest) this.prepared = prepared;
  }

  protected override render(): TemplateResult {
    return html`<details class="more" @toggle=${(event: Event) => (this.isOpen = (event.target as HTMLDetailsElement).open)}>
      <summary>The request <span class="count">before it is sent</span></summary>
      ${this.prepared ? this.#request(this.prepared) : html`<p class="preview-none">Nothing can be sent yet: there are problems to solve first.</p>`}
    </details>`;
  }

  #request(prepared: Prepared): TemplateResult {
    const note = operation(this.draft.provider, prepared.operation)?.help;
    return html`<div class="preview">
      ${note ? html`<p class="help">${sentence(note)}</p>` : nothing}
      <pre class="code" tabindex="0" role="region" aria-label="Request">${printed(prepared)}</pre>
      <div class="preview-foot"><span class="help">As a curl command, with variables in place of secrets</span><copy-button .text=${toCurl(prepared)} label="curl command"></copy-button></div>
    </div>`;
  }
}

function printed({ method, url, headers, body }: Prepared): string {
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) lines.push("", pretty(body));
  return visible(lines.join("\n"));
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

customElements.define("request-preview", RequestPreview);
