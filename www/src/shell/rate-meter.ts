import { html, nothing, type TemplateResult } from "lit";
import type { Gauge, RateMeter } from "../model/meter.js";
import { duration, plural } from "../text/visible.js";
import { Widget } from "../widgets/element.js";
import { icon } from "../widgets/icons.js";
import { Panel } from "../widgets/panel.js";
import { providerBadge } from "../widgets/parts.js";

const TICK_MS = 500;

/** How much of the limits is used: the fullest one at a glance. Opens the panel with all of them. */
export class RateMeterWidget extends Widget {
  static override properties = { meter: {} };

  declare meter: RateMeter;

  protected override render(): TemplateResult {
    const busiest = this.meter.busiest();
    const isFull = busiest !== undefined && (busiest.nextMs > 0 || busiest.waiting > 0);
    return html`<button type="button" class="meter-button" popovertarget="rates" aria-keyshortcuts="l" title="Rate limits (l)" data-full=${isFull ? "true" : nothing}>
      <span class="visually-hidden">Rate limits: </span>${icon("gauge")}${busiest ? html`${bar(busiest)}<span class="numbers">${busiest.used}/${busiest.requests}</span><span class="visually-hidden"> of ${busiest.name}</span>` : nothing}
    </button>`;
  }
}

/** All classes with their limits, as they are just now. */
export class RatePanel extends Panel {
  static override properties = { ...Panel.properties, meter: {} };

  declare meter: RateMeter;
  protected override readonly name = "rates";
  protected override readonly heading = "Rate limits";
  #clock: ReturnType<typeof setInterval> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  protected override toggled(): void {
    clearInterval(this.#clock);
    if (this.isOpen) this.#clock = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  protected override body(): TemplateResult {
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
}

/** Decoration: the numbers stand beside it. */
const bar = ({ used, requests }: Gauge): TemplateResult => html`<svg class="bar" viewBox="0 0 40 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="40" height="6" rx="3"/><rect class="bar-used" width=${Math.min(40, (40 * used) / requests)} height="6" rx="3"/></svg>`;

customElements.define("rate-meter", RateMeterWidget);
customElements.define("rate-panel", RatePanel);
