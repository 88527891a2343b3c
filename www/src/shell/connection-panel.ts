import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../model/capabilities.js";
import type { Connection } from "../model/connection.js";
import { type Permission, probe } from "../model/permissions.js";
import { PROVIDERS } from "../package.js";
import { visible } from "../text/visible.js";
import type { ProviderName } from "../types.js";
import { Panel } from "../widgets/panel.js";
import { permissionTable } from "./connect/permission-table.js";

const KINDS: Record<Connection["kind"], string> = { gateway: "Gateway", direct: "Keys in this page", sandbox: "Sandbox" };

/** How the page is connected, what the keys may do, and the way out. */
export class ConnectionPanel extends Panel {
  static override properties = { ...Panel.properties, connection: {}, found: { state: true } };

  declare connection: Connection;
  declare found: Partial<Record<ProviderName, Permission[]>>;
  protected override readonly name = "connection";
  protected override readonly heading = "Connection";
  #probing: AbortController | undefined;

  constructor() {
    super();
    this.found = {};
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#probing?.abort();
  }

  readonly #probe = (): void => {
    this.#probing?.abort();
    this.#probing = new AbortController();
    for (const name of this.#providers) void probe(this, name, (found) => (this.found = { ...this.found, [name]: found }), this.#probing.signal);
  };

  get #providers(): ProviderName[] {
    return PROVIDERS.filter((name) => this.connection.modes[name] !== "off");
  }

  protected override body(): TemplateResult {
    const { kind, to, may } = this.connection;
    const isDirect = kind === "direct";
    return html`
      <p><b>${KINDS[kind]}</b>: ${to}</p>
      ${isDirect ? html`<p class="help">The keys are in the memory of this page and nowhere else. They are gone when it is closed or loaded again.</p>` : nothing}
      ${may ? html`<p class="help">The gateway lets you ${Object.entries(may).map(([what, is], at) => html`${at > 0 ? ", " : ""}${is ? "" : "not "}${visible(what)}`)}.</p>` : nothing}
      ${this.#providers.map((name) => (this.found[name] ? permissionTable(name, this.found[name]) : nothing))}
      <div class="confirm-foot">
        <button type="button" class="button" @click=${this.#probe}>What may the ${this.#providers.length > 1 ? "keys" : `key of ${brand(this.#providers[0] ?? PROVIDERS[0]!)}`} do?</button>
        <button type="button" class="button danger" data-action="disconnect" @click=${() => this.emit("forget")}>${isDirect ? "Forget the keys" : "Disconnect"}</button>
      </div>`;
  }
}

customElements.define("connection-panel", ConnectionPanel);
