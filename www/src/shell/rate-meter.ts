import { html, nothing, type TemplateResult } from "lit";
import type { Gateway } from "../gateway/gateway.js";
import type { RateMeter } from "../model/meter.js";
import { Widget } from "../widgets/element.js";
import { icon } from "../widgets/icons.js";
import { Panel } from "../widgets/panel.js";

/** How much of the limits is used: the fullest one at a glance. Opens the panel with all of them. */
export class RateMeterWidget extends Widget {
  static override properties = { meter: {} };

  declare meter: RateMeter;

  protected override render(): TemplateResult {
    const busiest = this.meter.busiest();
    const isFull = busiest !== undefined && (busiest.nextMs > 0 || busiest.waiting > 0);
    return html`<button type="button" class="meter-button" popovertarget="rates" aria-keyshortcuts="l" title="Rate limits (l)" data-full=${isFull ? "true" : nothing}>
      <span class="visually-hidden">Rate limits: </span>${icon("gauge")}${busiest ? html`${bar(busiest.used, busiest.requests)}<span class="numbers">${busiest.used}/${busiest.requests}</span><span class="visually-hidden"> of ${busiest.name}</span>` : nothing}
    </button>`;
  }
}

/** What is in it comes when it is wanted (`rate-table.ts`). */
export class RatePanel extends Panel {
  static override properties = { ...Panel.properties, meter: {}, gateway: {} };

  declare meter: RateMeter;
  declare gateway: Gateway | undefined;
  protected override readonly name = "rates";
  protected override readonly heading = "Rate limits";

  protected override toggled(): void {
    this.emit("extras-wanted");
  }

  protected override body(): TemplateResult {
    return html`<rate-table .meter=${this.meter} .gateway=${this.gateway}></rate-table>`;
  }
}

/** Decoration: the numbers stand beside it. */
export const bar = (used: number, requests: number, parts: unknown = nothing): TemplateResult =>
  html`<svg class="bar" viewBox="0 0 40 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bar-all" width="40" height="6" rx="3"/><rect class="bar-used" width=${Math.min(40, (40 * used) / requests)} height="6" rx="3"/>${parts}</svg>`;

customElements.define("rate-meter", RateMeterWidget);
customElements.define("rate-panel", RatePanel);
