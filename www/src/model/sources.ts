// The sources of both providers, each loaded on its own: if one fails, the other is there all the same.
import { type Clients, inventory, perProvider, PROVIDERS, sourcesOf } from "../package.js";
import type { Failure, Modes, ProviderName, Row, Source } from "../types.js";
import { failureOf, isAbort } from "./failure.js";

const PAGE_SIZE = 100;

export interface Half {
  sources: Map<string, Source>;
  rows: Row[];
  isLoading: boolean;
  isLoaded: boolean;
  failure?: Failure;
}

/** The name of a source over both providers. */
export const keyOf = (row: { provider: ProviderName; id: string }): string => `${row.provider}:${row.id}`;

export class SourceStore {
  readonly #clients: Clients;
  readonly #modes: Modes;
  readonly #halves = perProvider(emptyHalf);
  readonly #loads = new Map<ProviderName, AbortController>();
  /** What was written or read since a list was asked for, which it may not know yet; nothing for what was deleted. */
  readonly #news = perProvider(() => new Map<string, Source | undefined>());
  readonly #changed: () => void;
  readonly #loaded = new Set<(provider: ProviderName) => void>();
  #rows: readonly Row[] | undefined;

  constructor(clients: Clients, modes: Modes, changed: () => void) {
    this.#clients = clients;
    this.#modes = modes;
    this.#changed = changed;
  }

  /** Calls whenever all sources of a provider have been loaded. */
  whenLoaded(tell: (provider: ProviderName) => void): void {
    this.#loaded.add(tell);
  }

  get isLoading(): boolean {
    return PROVIDERS.some((name) => this.#halves[name].isLoading);
  }

  half(provider: ProviderName): Half {
    return this.#halves[provider];
  }

  /** The same array as long as nothing changes. */
  rows(): readonly Row[] {
    return (this.#rows ??= PROVIDERS.flatMap((provider) => this.#halves[provider].rows));
  }

  row(provider: ProviderName, id: string): Row | undefined {
    return this.#halves[provider].rows.find((row) => row.id === id);
  }

  source(provider: ProviderName, id: string): Source | undefined {
    return this.#halves[provider].sources.get(id);
  }

  async loadAll(): Promise<void> {
    await Promise.all(PROVIDERS.map((provider) => this.load(provider)));
  }

  /** Ends what is loading. */
  stop(): void {
    for (const load of this.#loads.values()) load.abort();
  }

  /** Loads all pages. What was there stays until the new is complete, so that the list does not jump. */
  async load(provider: ProviderName): Promise<void> {
    if (this.#modes[provider] === "off") return;
    this.#loads.get(provider)?.abort();
    const load = new AbortController();
    this.#loads.set(provider, load);
    this.#news[provider].clear();
    const half = this.#halves[provider];
    half.isLoading = true;
    half.failure = undefined;
    this.#changed();
    const fresh = new Map<string, Source>();
    const rows = new Map<string, Row>();
    try {
      const query = provider === "imgix" ? { page: { size: PAGE_SIZE } } : {};
      let page = await sourcesOf(this.#clients, provider).list({ ...query, signal: load.signal });
      for (let next: typeof page | null = page; next; next = await page.next()) {
        page = next;
        for (const source of page.items) fresh.set(source.id, source);
        for (const row of inventory(provider, page.items)) rows.set(row.id, row);
        if (!half.isLoaded) this.#fill(provider, new Map(fresh), rows);
      }
      this.#fill(provider, fresh, rows);
      half.isLoaded = true;
      for (const tell of this.#loaded) tell(provider);
    } catch (thrown) {
      // A newer load has taken over.
      if (isAbort(thrown) || load.signal.aborted) return;
      half.failure = failureOf(thrown);
    }
    half.isLoading = false;
    this.#changed();
  }

  put(provider: ProviderName, source: Source): void {
    const half = this.#halves[provider];
    const [row] = inventory(provider, [source]);
    this.#news[provider].set(source.id, source);
    const at = half.rows.findIndex(({ id }) => id === source.id);
    half.sources.set(source.id, source);
    if (row) half.rows = at < 0 ? [...half.rows, row] : half.rows.with(at, row);
    this.#rows = undefined;
    this.#changed();
  }

  remove(provider: ProviderName, id: string): void {
    const half = this.#halves[provider];
    this.#news[provider].set(id, undefined);
    half.sources.delete(id);
    half.rows = half.rows.filter((row) => row.id !== id);
    this.#rows = undefined;
    this.#changed();
  }

  #fill(provider: ProviderName, sources: Map<string, Source>, rows: Map<string, Row>): void {
    for (const [id, source] of this.#news[provider]) {
      const [row] = source ? inventory(provider, [source]) : [];
      if (source && row) {
        sources.set(id, source);
        rows.set(id, row);
      } else {
        sources.delete(id);
        rows.delete(id);
      }
    }
    Object.assign(this.#halves[provider], { sources, rows: [...rows.values()] });
    this.#rows = undefined;
    this.#changed();
  }
}

const emptyHalf = (): Half => ({ sources: new Map(), rows: [], isLoading: false, isLoaded: false });
