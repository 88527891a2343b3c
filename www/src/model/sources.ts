// The sources of both providers, each loaded on its own: if one fails, the other is there all the same.
import { type Client, connect, inventory, PROVIDERS } from "../package.js";
import type { Failure, ProviderName, Row, Source } from "../types.js";
import { failureOf, isAbort } from "./failure.js";

const PAGE_SIZE = 100;

export interface Half {
  sources: Map<string, Source>;
  rows: Row[];
  isLoading: boolean;
  isLoaded: boolean;
  failure?: Failure;
}

export class SourceStore {
  readonly clients = Object.fromEntries(PROVIDERS.map((name) => [name, connect(name)])) as Record<ProviderName, Client>;
  readonly #halves = Object.fromEntries(PROVIDERS.map((name) => [name, emptyHalf()])) as Record<ProviderName, Half>;
  readonly #loads = new Map<ProviderName, AbortController>();
  readonly #changed: () => void;
  #rows: readonly Row[] | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
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

  /** Loads all pages. What was there stays until the new is complete, so that the list does not jump. */
  async load(provider: ProviderName): Promise<void> {
    this.#loads.get(provider)?.abort();
    const load = new AbortController();
    this.#loads.set(provider, load);
    const half = this.#halves[provider];
    half.isLoading = true;
    half.failure = undefined;
    this.#changed();
    const fresh = new Map<string, Source>();
    try {
      const query = provider === "imgix" ? { page: { size: PAGE_SIZE } } : {};
      let page = await this.clients[provider].sources.list({ ...query, signal: load.signal });
      for (let next: typeof page | null = page; next; next = await page.next()) {
        page = next;
        for (const source of page.items) fresh.set(source.id, source);
        if (!half.isLoaded) this.#fill(half, provider, new Map(fresh));
      }
      this.#fill(half, provider, fresh);
      half.isLoaded = true;
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
    const at = half.rows.findIndex(({ id }) => id === source.id);
    half.sources.set(source.id, source);
    if (row) half.rows = at < 0 ? [...half.rows, row] : half.rows.with(at, row);
    this.#rows = undefined;
    this.#changed();
  }

  remove(provider: ProviderName, id: string): void {
    const half = this.#halves[provider];
    half.sources.delete(id);
    half.rows = half.rows.filter((row) => row.id !== id);
    this.#rows = undefined;
    this.#changed();
  }

  #fill(half: Half, provider: ProviderName, sources: Map<string, Source>): void {
    half.sources = sources;
    half.rows = inventory(provider, [...sources.values()]);
    this.#rows = undefined;
    this.#changed();
  }
}

const emptyHalf = (): Half => ({ sources: new Map(), rows: [], isLoading: false, isLoaded: false });
