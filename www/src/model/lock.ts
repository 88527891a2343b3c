// A live account is read-only until somebody allows changes. The screens ask first; whatever comes past them is stopped here.
import { PROVIDERS } from "../package.js";
import type { Modes, ProviderName } from "../types.js";

/** What a stopped request is answered with. No provider is known to use it, and it is never sent again. */
const LOCKED = 423;
const READS = ["GET", "HEAD"];

export class Lock {
  readonly #modes: Modes;
  isOpen = false;

  constructor(modes: Modes) {
    this.#modes = modes;
  }

  /** Live accounts there are. */
  get accounts(): ProviderName[] {
    return PROVIDERS.filter((name) => this.#modes[name] === "live");
  }

  /** Is it closed, for a provider or for any? */
  isClosed(provider?: ProviderName): boolean {
    return !this.isOpen && (provider ? this.#modes[provider] === "live" : this.accounts.length > 0);
  }

  /** A way to the network that lets nothing through but reads while it is closed. */
  guarding(provider: ProviderName, send: typeof fetch): typeof fetch {
    return async (input, init) => {
      if (!this.isClosed(provider) || READS.includes(init?.method ?? "GET")) return send(input, init);
      return Response.json({ error: "not sent: this page is read-only until changes are allowed" }, { status: LOCKED });
    };
  }
}
