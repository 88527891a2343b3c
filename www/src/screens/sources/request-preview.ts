import { html, type PropertyValues, type TemplateResult } from "lit";
import type { Draft } from "../../forms/draft.js";
import type { Prepared, ProviderName } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { preparedRequest } from "../../widgets/prepared-request.js";

const PAUSE_MS = 200;

/** The exact request that saving would send, secrets masked. */
export class RequestPreview extends Widget {
  static override properties = { draft: {}, version: {}, prepare: {}, isOpen: {}, prepared: { state: true } };

  declare draft: Draft;
  /** Counts changes of the draft. */
  declare version: number;
  declare prepare: (provider: ProviderName, input: object) => Promise<Prepared>;
  /** Is it asked for already, or later by whoever opens it? */
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
    return html`<details class="more" ?open=${this.isOpen} @toggle=${(event: Event) => (this.isOpen = (event.target as HTMLDetailsElement).open)}>
      <summary>The request <span class="count">before it is sent</span></summary>
      ${this.prepared ? preparedRequest(this.draft.provider, this.prepared) : html`<p class="preview-none">Nothing can be sent yet: there are problems to solve first.</p>`}
    </details>`;
  }
}

customElements.define("request-preview", RequestPreview);
