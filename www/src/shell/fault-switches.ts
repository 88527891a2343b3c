import { html, nothing, type TemplateResult } from "lit";
import type { SandboxFaults, SandboxRule } from "image-sources/sandbox";
import { brand } from "../model/capabilities.js";
import type { FaultSwitch } from "../model/connection.js";
import { PROVIDERS } from "../package.js";
import type { ProviderName } from "../types.js";
import { Panel } from "../widgets/panel.js";
import { sentence } from "../widgets/parts.js";

type Kind = SandboxRule["kind"];

/** All kinds there are, in words; the compiler sees that none is missing. */
const KINDS: Record<Kind, string> = {
  "429": "Asks to wait (429)",
  "500-html": "Fails with a page of HTML (500)",
  "502-html": "Bad gateway with a page of HTML (502)",
  "503": "Asks to come back later (503)",
  status: "Forbids it to the key (403)",
  redirect: "Leads to another host",
  reset: "The connection breaks before the answer",
  hang: "No answer ever comes",
  truncate: "The answer breaks off",
  empty: "The answer is empty",
  "not-json": "The answer is no JSON",
  "invalid-utf8": "The answer is no text",
  "repeated-cursor": "A list begins again and again",
  drift: "Attributes have other types",
  slow: "Takes three seconds more",
};

const MORE: Partial<Record<Kind, Partial<SandboxRule>>> = { "429": { retryAfter: 2 }, "503": { retryAfter: 2 }, status: { status: 403 }, slow: { delayMs: 3000 } };

const OFTEN: Record<string, [string, Partial<SandboxRule>]> = { always: ["every request", {}], third: ["every third request", { every: 3 }], once: ["the next request only", { times: 1 }] };
const LATENCIES = [0, 300, 1000, 3000];

interface Choice {
  kinds: ReadonlySet<Kind>;
  often: string;
  provider: ProviderName | "";
  reads: "" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  latencyMs: number;
}

const NOTHING: Choice = { kinds: new Set(), often: "always", provider: "", reads: "", latencyMs: 0 };

/** Switches for what goes wrong in the sandbox on purpose. */
export class FaultSwitches extends Panel {
  static override properties = { ...Panel.properties, faults: {}, choice: { state: true }, problem: { state: true } };

  declare faults: FaultSwitch;
  declare choice: Choice;
  declare problem: string;
  protected override readonly name = "faults";
  protected override readonly heading = "What goes wrong on purpose";
  #asked = 0;

  constructor() {
    super();
    this.choice = NOTHING;
    this.problem = "";
  }

  protected override firstUpdated(): void {
    void this.#read();
  }

  /** What is set already, from before a reload. */
  async #read(): Promise<void> {
    try {
      const faults = await this.faults.get();
      this.choice = choiceOf(faults);
      this.#tell();
    } catch (thrown) {
      this.problem = (thrown as Error).message;
    }
  }

  async #set(part: Partial<Choice>): Promise<void> {
    this.choice = { ...this.choice, ...part };
    const asked = (this.#asked += 1);
    try {
      await this.faults.set(faultsOf(this.choice));
      if (asked === this.#asked) this.problem = "";
    } catch (thrown) {
      if (asked === this.#asked) this.problem = (thrown as Error).message;
    }
    this.#tell();
  }

  #tell(): void {
    const { kinds, latencyMs } = this.choice;
    this.emit("faults-change", { count: kinds.size + Number(latencyMs > 0) });
  }

  #switch(kind: Kind, isOn: boolean): void {
    const kinds = new Set(this.choice.kinds);
    if (isOn) kinds.add(kind);
    else kinds.delete(kind);
    void this.#set({ kinds });
  }

  protected override body(): TemplateResult {
    const { choice } = this;
    const picker = (label: string, value: string, options: [string, string][], set: (value: string) => void) =>
      html`<label class="picker"><span class="picker-name">${label}</span><select class="input" @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>${options.map(([name, words]) => html`<option value=${name} ?selected=${name === value}>${words}</option>`)}</select></label>`;
    return html`
      ${this.problem ? html`<div class="notice" data-level="error" role="alert"><p>${sentence(this.problem)}</p></div>` : nothing}
      <div class="fault-where">
        ${picker("Hits", choice.often, Object.entries(OFTEN).map(([name, [words]]) => [name, words]), (often) => void this.#set({ often }))}
        ${picker("of", choice.provider, [["", "both providers"], ...PROVIDERS.map((name): [string, string] => [name, brand(name)])], (provider) => void this.#set({ provider: provider as ProviderName | "" }))}
        ${picker("that", choice.reads, [["", "reads or writes"], ["GET", "reads"], ["POST", "creates"], ["PUT", "sends bytes of a session"], ["PATCH", "changes"], ["DELETE", "deletes"]], (reads) => void this.#set({ reads: reads as Choice["reads"] }))}
        ${picker("Delay of all", String(choice.latencyMs), LATENCIES.map((ms) => [String(ms), ms === 0 ? "none" : `${ms} ms`]), (ms) => void this.#set({ latencyMs: Number(ms) }))}
      </div>
      <fieldset class="fault-kinds"><legend class="visually-hidden">Faults</legend>
        ${(Object.keys(KINDS) as Kind[]).map((kind) => html`<label class="option"><input type="checkbox" value=${kind} .checked=${choice.kinds.has(kind)} @change=${(event: Event) => this.#switch(kind, (event.target as HTMLInputElement).checked)} /> ${KINDS[kind]}</label>`)}
      </fieldset>
      <div class="confirm-foot"><button type="button" class="button" @click=${() => void this.#set(NOTHING)}>Nothing goes wrong</button></div>`;
  }
}

/** Of several faults that always hit, the first would win: each gets its share by chance. */
function faultsOf({ kinds, often, provider, reads, latencyMs }: Choice): SandboxFaults {
  const all = [...kinds];
  const [, when] = OFTEN[often] ?? ["", {}];
  const rules = all.map((kind, at): SandboxRule => ({ kind, ...MORE[kind], ...when, ...(provider && { provider }), ...(reads && { method: reads }), ...(often === "always" && at < all.length - 1 && { probability: 1 / (all.length - at) }) }));
  return { ...(latencyMs > 0 && { latencyMs }), ...(rules.length > 0 && { rules }) };
}

function choiceOf({ latencyMs = 0, rules = [] }: SandboxFaults): Choice {
  const [first] = rules;
  return {
    kinds: new Set(rules.map(({ kind }) => kind)),
    often: first?.every ? "third" : first?.times ? "once" : "always",
    provider: first?.provider ?? "",
    reads: (first?.method ?? "") as Choice["reads"],
    latencyMs,
  };
}

customElements.define("fault-switches", FaultSwitches);
