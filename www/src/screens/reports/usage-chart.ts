import { html, type PropertyValues, type TemplateResult } from "lit";
import type uPlot from "uplot";
import { day } from "../../text/visible.js";
import { Widget } from "../../widgets/element.js";
import type { Point } from "./figures.js";

const HEIGHT = 220;
const RATIO_LINES = 2;

/** Numbers over days as a line. The same numbers stand in a table beside it; this is for the eye. */
export class UsageChart extends Widget {
  static override properties = { points: {}, label: {}, read: { state: true }, isBroken: { state: true } };

  declare points: readonly Point[];
  /** What is counted. */
  declare label: string;
  /** The point under the pointer, in words. */
  declare read: string;
  declare isBroken: boolean;
  #chart: uPlot | undefined;
  #version = 0;
  readonly #size = new ResizeObserver(() => this.#chart?.setSize({ width: this.#place.clientWidth, height: HEIGHT }));
  readonly #theme = new MutationObserver(() => void this.#draw());
  readonly #media = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  readonly #changed = (): void => void this.#draw();

  get #place(): HTMLElement {
    return this.querySelector<HTMLElement>(".chart")!;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    for (const media of this.#media) media.addEventListener("change", this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#version += 1;
    this.#size.disconnect();
    this.#theme.disconnect();
    for (const media of this.#media) media.removeEventListener("change", this.#changed);
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("points") || changed.has("label")) void this.#draw();
  }

  async #draw(): Promise<void> {
    const version = (this.#version += 1);
    try {
      const { default: Chart } = await import("uplot");
      if (version !== this.#version || !this.isConnected) return;
      this.#chart?.destroy();
      const place = this.#place;
      const data: uPlot.AlignedData = [this.points.map(({ at }) => at / 1000), this.points.map(({ value }) => value)];
      this.#chart = new Chart(this.#options(Chart, place), data, place);
      this.#size.observe(place);
      this.isBroken = false;
    } catch {
      this.isBroken = true;
    }
  }

  /** A canvas knows no custom properties: the colours are those of the place it stands in. */
  #options(Chart: typeof uPlot, place: HTMLElement): uPlot.Options {
    const { color: ink, borderBlockEndColor: line, caretColor: accent, fontFamily } = getComputedStyle(place);
    const axis = { stroke: ink, font: `12px ${fontFamily}`, grid: { stroke: line, width: 1 / devicePixelRatio }, ticks: { stroke: line, width: 1 / devicePixelRatio } };
    const short = new Intl.NumberFormat("en", { notation: "compact" });
    return {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      tzDate: (seconds) => Chart.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { y: false, points: { size: 8, fill: accent, stroke: accent } },
      scales: { y: { range: (_, least, most) => [Math.min(0, least), most > 0 ? most * 1.05 : 1] } },
      axes: [{ ...axis, values: (_, seconds) => seconds.map((second) => day(second * 1000).slice(5)) }, { ...axis, size: 56, values: (_, values) => values.map((value) => short.format(value)) }],
      series: [{}, { stroke: accent, width: RATIO_LINES, points: { show: this.points.length < 45, size: 5, fill: accent } }],
      hooks: { setCursor: [(chart) => (this.read = words(this.points[chart.cursor.idx ?? -1]))] },
    };
  }

  protected override render(): TemplateResult {
    return html`<div class="chart" role="img" aria-label="${this.label} over ${this.points.length} days, as a line; the numbers are in the table below"></div>
      <p class="chart-read help" aria-hidden="true">${this.isBroken ? "The chart could not be loaded; its numbers are below." : (this.read ?? "")}</p>`;
  }
}

const words = (point: Point | undefined): string => (point ? `${day(point.at)}: ${point.value.toLocaleString("en")}` : "");

customElements.define("usage-chart", UsageChart);
