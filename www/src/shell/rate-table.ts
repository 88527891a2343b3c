import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import type { Gateway } from "../gateway/gateway.js";
import { type Line, lineOf, Standings } from "../gateway/limits.js";
import type { RateMeter } from "../model/meter.js";
import { duration, plural } from "../text/visible.js";
import { Widget } from "../widgets/element.js";
import { icon } from "../widgets/icons.js";
import { providerBadge, sentence } from "../widgets/parts.js";
import { bar } from "./rate-meter.js";

const TICK_MS = 500;

/** All classes with their limits, as they are just now: of this page, and of all others as far as a gateway counts them. While it is there, it asks. */
export class RateTable extends Widget {
  static override properties = { meter: {}, gateway: {} };

  declare meter: RateMeter;
  declare gateway: Gateway | undefined;
  #standings: Standings | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.#standings?.end();
    this.#standings = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("gateway")) return;
    this.#standings?.end();
    this.#standings = this.gateway && this.isConnected ? new Standings(this.gateway, () => this.requestUpdate()) : undefined;
  }

  protected override render(): TemplateResult {
    const { told, failure } = this.#standings ?? {};
    const lines = this.meter.gauges().map((gauge) => lineOf(gauge, this.meter, told));
    return html`
      <p class="rates-failed" role="status">${failure ? html`${icon("warn")}<b>Without what others use:</b> ${sentence(failure.message)}.` : nothing}</p>
      <table class="rates">
        <thead><tr><th scope="col">Class</th><th scope="col">Used</th><th scope="col">By whom</th><th scope="col">Next free</th><th scope="col">Waiting</th><th scope="col">429</th></tr></thead>
        <tbody>${lines.map(row)}</tbody>
      </table>
      <p class="help">${this.#source(lines)}</p>`;
  }

  /** Where the numbers come from. */
  #source(lines: Line[]): TemplateResult {
    const { isThere = false, told, failure } = this.#standings ?? {};
    if (told?.source === "object") return html`From the gateway, which counts this page, its other tabs and others together: other people and programs, its own jobs, and this page before it was loaded again. Asked every 2 seconds. What is sent with the same key past the gateway is not seen; a 429 tells of it.`;
    if (told) return html`From the gateway, but it counts in each of its parts alone: others may have used more than the part that answers knows of. With the binding <code>RATE_LIMITS</code> all count together.`;
    const elsewhere = lines.reduce((sum, line) => sum + line.elsewhere, 0);
    const isAsking = isThere && !failure && navigator.onLine;
    return html`Counted from the requests this page has sent${elsewhere > 0 ? html` and those of its other tabs (${plural(elsewhere, "request")})` : nothing}. ${isAsking ? "Asking the gateway what others use …" : "What other programs send with the same key is not seen here; a 429 tells of it."}`;
  }
}

const row = (line: Line): TemplateResult => html`<tr data-full=${line.nextMs > 0 ? "true" : nothing}>
  <th scope="row" title=${line.operations.join(", ")}>${providerBadge(line.provider)} <span class="mono">${line.name}</span></th>
  <td class="numbers rates-used">${bar(line.used, line.requests, ofOthers(line))}<span>${line.used} of ${line.requests} <span class="none">in ${duration(line.perMs)}</span></span></td>
  <td class="numbers rates-whose">${whose(line)}</td>
  <td class="numbers rates-next">${line.nextMs === Infinity ? "too many wait" : line.nextMs > 0 ? `in ${duration(Math.max(line.nextMs, 100))}` : "now"}</td>
  <td class="numbers rates-waiting">${line.waiting || html`<span class="none">0</span>`}</td>
  <td class="numbers rates-refused">${line.refused || html`<span class="none">0</span>`}</td>
</tr>`;

const whose = ({ here, elsewhere, others = 0 }: Line): string =>
  Object.entries({ "this page": here, "other tabs": elsewhere, others })
    .flatMap(([name, count]) => (count > 0 ? [`${name} ${count}`] : []))
    .join(", ");

/** The end of the bar. */
function ofOthers({ used, others = 0, requests }: Line): TemplateResult | typeof nothing {
  const end = Math.min(40, (40 * used) / requests);
  const width = used > 0 ? (end * others) / used : 0;
  return width > 0 ? svg`<rect class="bar-others" x=${end - width} width=${width} height="6" rx="3"/>` as TemplateResult : nothing;
}

customElements.define("rate-table", RateTable);
