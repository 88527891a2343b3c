import { html, nothing, type TemplateResult } from "lit";
import type { Gauge, RateMeter } from "../model/meter.js";
import { duration, plural } from "../text/visible.js";
import { Widget } from "../widgets/element.js";
import { icon } from "../widgets/icons.js";
import { providerBadge } from "../widgets/parts.js";

const TICK_MS = 500;

/** How much of the limits is used: the fullest one at a glance, all of them when it is opened. */
export class RateMeterWidget extends Widget {
  static override properties = { meter: {}, version: {}, isOpen: { state: true } };

  declare meter: RateMeter;
  /** Counts what the meter told. */
  declare version: number;
  declare isOpen: boolean;
  #clock: ReturnType<typeof setInterval> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  protected override render(): TemplateResult {
    const busiest = this.meter.busiest();
    const isFull = busiest !== undefined && (busiest.nextMs > 0 || busiest.waiting > 0);
    const words = busiest ? `${busiest.used} of ${busiest.requests} of ${busiest.name}` : "";
    return html`
      <button type="button" class="meter-button" popovertarget="rates" aria-label="Rate limits: ${words}" title="Rate limits" data-full=${isFull ? "true" : nothing}>
        ${icon("gauge")}${busiest ? bar(busiest) : nothing}<span class="numbers" aria-hidden="true">${busiest ? `${busiest.used}/${busiest.requests}` : ""}</span>
      </button>
      <div id="rates" popover class="panel" role="group" aria-labelledby="rates-heading" @toggle=${this.#toggle}>
        <h2 id="rates-heading">Rate limits</h2>
        ${this.isOpen ? this.#table() : nothing}
      </div>`;
  }

  #table(): TemplateResult {
    const gauges = this.meter.gauges();
    const elsewhere = gauges.some((gauge) => gauge.elsewhere > 0);
    return html`
      <table class="rates">
        <thead><tr><th scope="col">Class</th><th scope="col">Used</th><th scope="col">Next free</th><th scope="col">Waiting</th><th scope="col">429</th></tr></thead>
        <tbody>
          ${gauges.map(
            (gauge) => html`<tr data-full=${gauge.nextMs > 0 ? "true" : nothing}>
              <th scope="row" title=${gauge.operations.join(", ")}>${providerBadge(gauge.provider)} <span class="mono">${gauge.name}</span></th>
              <td class="numbers">${bar(gauge)}<span>${gauge.used} of ${gauge.requests} <span class="none">in ${duration(gauge.perMs)}</span></span></td>
              <td class="numbers">${gauge.nextMs > 0 ? `in ${duration(Math.max(gauge.nextMs, 100))}` : "now"}</td>
              <td class="numbers">${gauge.waiting || html`<span class="none">0</span>`}</td>
              <td class="numbers">${gauge.refused || html`<span class="none">0</span>`}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      <p class="help">Counted from the requests this page has sent${elsewhere ? html` and those of its other tabs (${plural(gauges.reduce((sum, gauge) => sum + gauge.elsewhere, 0), "request")})` : nothing}. What other programs send with the same key is not seen here; a 429 tells of it.</p>`;
  }

  readonly #toggle = (event: ToggleEvent): void => {
    this.isOpen = event.newState === "open";
    clearInterval(this.#clock);
    if (this.isOpen) this.#clock = setInterval(() => this.requestUpdate(), TICK_MS);
  };
}

/** Decoration: the numbers stand beside it. */
const bar = ({ used, requests }: Gauge): TemplateResult => html`<svg class="bar" viewBox="0 0 40 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="40" height="6" rx="3"/><rect class="bar-used" width=${Math.min(40, (40 * used) / requests)} height="6" rx="3"/></svg>`;

customElements.define("rate-meter", RateMeterWidget);
