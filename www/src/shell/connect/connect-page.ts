import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../../model/capabilities.js";
import { type Connection, throughGateway, withKeys, withSandbox } from "../../model/connection.js";
import { failureOf } from "../../model/failure.js";
import { type Permission, probe } from "../../model/permissions.js";
import { readStatus } from "../../model/status.js";
import { PROVIDERS, sourceForm } from "../../package.js";
import type { ProviderName } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { icon, type IconName } from "../../widgets/icons.js";
import { sentence } from "../../widgets/parts.js";
import { permissionTable } from "./permission-table.js";

type Way = Connection["kind"];

const WAYS: [Way, string, string, IconName][] = [
  ["gateway", "A gateway", "A server of yours holds the keys. The safe way to a live account.", "server"],
  ["direct", "Keys in this page", "For a moment, and for keys that can be taken back.", "key"],
  ["sandbox", "The sandbox", "Both APIs inside of this page: no key, no server, nothing is real.", "flask"],
];

/** How long an empty answer may take before the page says that it waits. */
const TIMEOUT_MS = 15_000;

/** Chooses how to reach the providers. Keys are read when they are sent off and kept nowhere but in the clients. */
export class ConnectPage extends Widget {
  static override properties = { way: { state: true }, isBusy: { state: true }, problems: { state: true }, found: { state: true }, reason: {}, suggested: {} };

  /** Why it is asked, if something went wrong before. */
  declare reason: string;
  /** An address of a gateway that may be one. */
  declare suggested: string;
  declare way: Way;
  declare isBusy: boolean;
  /** By the field, or by nothing for all. */
  declare problems: Record<string, string>;
  declare found: Partial<Record<ProviderName, Permission[]>>;
  #tried: Connection | undefined;
  #probing: AbortController | undefined;

  constructor() {
    super();
    this.way = "gateway";
    this.problems = {};
    this.found = {};
    this.reason = "";
    this.suggested = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#probing?.abort();
  }

  protected override render(): TemplateResult {
    return html`<main class="connect">
      <h1>Connect</h1>
      <p class="prose">Every source of imgix and ImageBoss in one place. Choose how this page reaches them.</p>
      ${this.reason ? html`<div class="notice" data-level="warning"><p>${sentence(this.reason)}</p></div>` : nothing}
      ${this.#tried ? this.#results() : this.#form()}
    </main>`;
  }

  #form(): TemplateResult {
    return html`<form novalidate autocomplete="off" @submit=${this.#submit}>
      <fieldset class="ways"><legend class="visually-hidden">How</legend>
        ${WAYS.map(
          ([way, title, words, mark]) => html`<label class="way">
            <input type="radio" name="way" value=${way} .checked=${this.way === way} @change=${() => this.#choose(way)} aria-describedby="way-${way}" />
            ${icon(mark)}<span class="way-name">${title}</span><span class="way-words" id="way-${way}">${words}</span>
          </label>`,
        )}
      </fieldset>
      ${this.way === "gateway" ? this.#gateway() : this.way === "direct" ? this.#keys() : this.#sandbox()}
      ${this.problems[""] ? html`<div class="notice" data-level="error" role="alert"><p>${sentence(this.problems[""])}</p></div>` : nothing}
      <div class="connect-foot"><button type="submit" class="button primary" aria-disabled=${this.isBusy ? "true" : nothing}>${this.isBusy ? "Connecting …" : this.way === "sandbox" ? "Open the sandbox" : "Connect"}</button></div>
    </form>`;
  }

  #gateway(): TemplateResult {
    return html`
      ${this.#field("url", "Address of the gateway", "Where it answers `/status`, such as `https://gateway.example/api`", { type: "url", value: this.suggested })}
      ${this.#field("token", "Token", "Only if the gateway asks for one. It is kept in the memory of this page alone.", { type: "password" })}
    `;
  }

  #keys(): TemplateResult {
    return html`
      <div class="notice" data-level="warning" role="note">
        <h2>${icon("warn")}A key in a browser is at risk</h2>
        <p>Whoever has the key has the account: it reads every signing secret, and extensions of this browser can read it. It stays in the memory of this page, is sent to its provider only, and is forgotten with the page. Make one with few permissions, and take it back afterwards.</p>
        <p>Providers promise no answers to pages (CORS), so the browser may refuse all of this. Then a gateway is the only way.</p>
      </div>
      ${PROVIDERS.map((name) => this.#field(name, `Key of ${brand(name)}`, `For the ${sourceForm(name).title}; empty if it is not used`, { type: "password" }))}
    `;
  }

  #sandbox(): TemplateResult {
    return html`<p class="prose">It answers as both providers do, with about 60 sources of all types, and can fail on purpose. All of it is gone when the page is closed. It is loaded now, once.</p>`;
  }

  #field(name: string, label: string, help: string, { type, value = "" }: { type: string; value?: string }): TemplateResult {
    const problem = this.problems[name];
    return html`<div class="field" data-level=${problem ? "error" : nothing}>
      <label class="label" for="connect-${name}">${label}</label>
      <p class="help" id="connect-${name}-help">${sentence(help)}</p>
      <input class="input mono" id="connect-${name}" type=${type} .defaultValue=${value} autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=${problem ? "true" : nothing}
        aria-describedby="connect-${name}-help${problem ? ` connect-${name}-problem` : ""}" />
      ${problem ? html`<ul class="problems" id="connect-${name}-problem"><li data-level="error">${icon("error")}<span>${sentence(problem)}</span></li></ul>` : nothing}
    </div>`;
  }

  #results(): TemplateResult {
    const given = PROVIDERS.filter((name) => this.found[name]);
    const isDone = given.every((name) => this.found[name]!.every(({ found }) => found !== "asking"));
    const isAny = given.some((name) => this.found[name]!.some(({ found }) => found === "yes"));
    return html`<div class="results" aria-busy=${isDone ? "false" : "true"}>
      <p class="prose" role="status">${!isDone ? "Asking what the keys may do …" : isAny ? "This was found out by reads that change nothing." : "No key may do anything here. Look at what the providers said."}</p>
      ${given.map((name) => permissionTable(name, this.found[name]!))}
      <div class="connect-foot">
        <button type="button" class="button" @click=${() => this.emit("forget")}>Forget the keys</button>
        <button type="button" class="button primary" data-action="open" @click=${() => this.#open(this.#tried!)}>${isAny || !isDone ? "Open the console" : "Open all the same"}</button>
      </div>
    </div>`;
  }

  #choose(way: Way): void {
    this.way = way;
    this.problems = {};
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (!this.isBusy) void this.#connect();
  };

  /** What is in a field; a password is taken out of the page at once. */
  #take(name: string): string {
    const input = this.querySelector<HTMLInputElement>(`#connect-${name}`);
    const value = input?.value.trim() ?? "";
    if (input?.type === "password") input.value = "";
    return value;
  }

  async #connect(): Promise<void> {
    this.isBusy = true;
    this.problems = {};
    try {
      if (this.way === "sandbox") this.#open(await withSandbox());
      else if (this.way === "gateway") await this.#toGateway(this.#take("url"), this.#take("token"));
      else this.#withKeys(Object.fromEntries(PROVIDERS.map((name) => [name, this.#take(name)])) as Record<ProviderName, string>);
    } catch (thrown) {
      this.problems = { "": this.way === "sandbox" ? `the sandbox could not be loaded: ${failureOf(thrown).message}` : failureOf(thrown).message };
    }
    this.isBusy = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }

  async #toGateway(given: string, token: string): Promise<void> {
    const url = gatewayAddress(given);
    if (!url) {
      this.problems = { url: "give an address that begins with `https://`, without a name, a password, `?` or `#` in it" };
      return;
    }
    try {
      const { modes, may } = await readStatus(url, { token, signal: AbortSignal.timeout(TIMEOUT_MS) });
      this.#open(throughGateway(url, modes, { token, may }));
    } catch (thrown) {
      this.problems = { [/token/.test(String(thrown)) ? "token" : "url"]: (thrown as Error).message };
    }
  }

  #withKeys(keys: Record<ProviderName, string>): void {
    const given = PROVIDERS.filter((name) => keys[name]);
    if (given.length === 0) {
      this.problems = { [PROVIDERS[0]!]: "give at least one key" };
      return;
    }
    for (const name of given) if (!/^[!-~]+$/.test(keys[name])) this.problems = { ...this.problems, [name]: "this is no key: it holds blanks or letters no key has" };
    if (Object.keys(this.problems).length > 0) return;
    const connection = (this.#tried = withKeys(keys));
    this.#probing = new AbortController();
    for (const name of given) void probe({ connection }, name, (found) => (this.found = { ...this.found, [name]: found }), this.#probing.signal);
  }

  #open(connection: Connection): void {
    this.emit("connect", { connection });
  }
}

/** The address in the form in which paths are put behind it. */
function gatewayAddress(given: string): string | undefined {
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  if (url.username || url.password || url.search || url.hash) return undefined;
  return url.href.replace(/\/+$/, "");
}

customElements.define("connect-page", ConnectPage);
