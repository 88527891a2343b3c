import { html, nothing, type TemplateResult } from "lit";
import { duration } from "../text/duration.js";
import { moment, visible } from "../text/visible.js";
import { Widget } from "./element.js";

/** A status as it was seen: from when on, in milliseconds since 1970. */
export interface StatusSeen {
  status: string;
  at: number;
}

/** What a deployment goes through, as far as it is known. */
const STEPS = ["queued", "deploying", "deployed"];

/**
 * The way of a deployment: which step it has reached, when, and how long each took. Nothing is asked here: whoever places it
 * gives the source's status, what the provider tells of the last deployment, and the changes that were seen.
 */
export class DeployTimeline extends Widget {
  static override properties = { status: {}, deployedAt: {}, changedAt: {}, seen: {} };

  /** The provider's own status of the source now. */
  declare status: string | undefined;
  /** When it was deployed last, by the provider. */
  declare deployedAt: number | undefined;
  /** When something was saved here that waits for being deployed. */
  declare changedAt: number | undefined;
  /** Oldest first. */
  declare seen: readonly StatusSeen[];

  protected override render(): TemplateResult | typeof nothing {
    const { status } = this;
    if (status === undefined) return nothing;
    const isOther = !STEPS.includes(status);
    const isQueued = status === "deployed" && this.changedAt !== undefined && !this.#deployedSince(this.changedAt);
    const at = isQueued ? 0 : STEPS.indexOf(status);
    return html`<section class="timeline" aria-label="Deployment">
      ${isOther ? html`<p class="timeline-other">${visible(status)}${this.#since(status)}</p>` : html`<ol>${STEPS.map((step, place) => this.#step(step, place < at || (place === at && step === "deployed") ? "done" : place === at ? "now" : "ahead"))}</ol>`}
      ${this.#past()}
    </section>`;
  }

  /** Has a deployment ended after this moment? */
  #deployedSince(moment: number): boolean {
    return (this.seen ?? []).some(({ status, at }) => status === "deployed" && at >= moment) || (this.deployedAt ?? 0) >= moment;
  }

  #step(step: string, state: "done" | "now" | "ahead"): TemplateResult {
    const at = this.#when(step);
    const took = step === "deployed" && state === "done" ? this.#took() : "";
    return html`<li class="timeline-step" data-state=${state} aria-current=${state === "now" ? "step" : nothing}>
      <span class="timeline-mark" aria-hidden="true"></span>
      <span class="timeline-name">${step}${state === "now" && step !== "deployed" ? " …" : ""}<span class="visually-hidden">${state === "ahead" ? ", not yet" : state === "done" ? ", done" : ""}</span></span>
      <span class="timeline-when">${state === "ahead" || at === undefined ? nothing : html`<time datetime=${new Date(at).toISOString()}>${moment(at)}</time>`}${took ? html` <span>${took}</span>` : nothing}</span>
    </li>`;
  }

  /** The newest run only: what was before the last change belongs to another one. */
  #when(step: string): number | undefined {
    if (step === "queued") return this.changedAt;
    const from = this.changedAt ?? 0;
    const found = (this.seen ?? []).findLast(({ status, at }) => status === step && at >= from)?.at;
    return found ?? (step === "deployed" && (this.deployedAt ?? -1) >= from ? this.deployedAt : undefined);
  }

  #took(): string {
    const [from, to] = [this.changedAt ?? this.#when("deploying"), this.#when("deployed")];
    return from !== undefined && to !== undefined && to > from ? `after ${duration(to - from)}` : "";
  }

  #since(status: string): TemplateResult | typeof nothing {
    const at = (this.seen ?? []).findLast((one) => one.status === status)?.at;
    return at === undefined ? nothing : html` <time datetime=${new Date(at).toISOString()}>since ${moment(at)}</time>`;
  }

  /** All changes that were seen, for whoever wants to know. */
  #past(): TemplateResult | typeof nothing {
    const seen = this.seen ?? [];
    if (seen.length < 2) return nothing;
    return html`<details class="timeline-past"><summary>${seen.length} changes seen</summary>
      <ul>${seen.toReversed().map(({ status, at }) => html`<li><time datetime=${new Date(at).toISOString()}>${moment(at)}</time> ${visible(status)}</li>`)}</ul>
    </details>`;
  }
}

customElements.define("deploy-timeline", DeployTimeline);
