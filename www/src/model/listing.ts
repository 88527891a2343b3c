// A list that is loaded page by page, as far as somebody wants it.
import type { Failure } from "../types.js";
import { failureOf } from "./failure.js";

const SLOW_MS = 300;

/** A page of the package, or anything like it. */
export interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  readonly total?: number;
  next(): PromiseLike<PageOf<Item> | null>;
}

type Ask<Item> = () => PromiseLike<PageOf<Item> | null>;

export class Listing<Item> {
  /** A new array whenever something changes. */
  items: readonly Item[] = [];
  total: number | undefined;
  hasMore = false;
  isLoading = false;
  /** It takes so long that something should stand in its place. */
  isSlow = false;
  failure: Failure | undefined;
  readonly #keyOf: (item: Item) => unknown;
  protected readonly changed: () => void;
  readonly #failed: (thrown: unknown) => Failure;
  #page: PageOf<Item> | undefined;
  #walk = new AbortController();
  #asked: Ask<Item> | undefined;

  /** `keyOf`: by what an item is known that comes twice. */
  constructor(keyOf: (item: Item) => unknown, changed: () => void, failed: (thrown: unknown) => Failure = failureOf) {
    this.#keyOf = keyOf;
    this.changed = changed;
    this.#failed = failed;
  }

  /** Begins anew; what was under way ends. */
  ask(first: (signal: AbortSignal) => PromiseLike<PageOf<Item> | null>): Promise<void> {
    this.stop();
    const { signal } = (this.#walk = new AbortController());
    Object.assign(this, { items: [], total: undefined, hasMore: false, failure: undefined });
    this.#page = undefined;
    return this.#load(() => first(signal));
  }

  /** The next page, unless there is none, one is on its way, or the last one failed. */
  async more(): Promise<void> {
    const page = this.#page;
    if (page?.hasMore && !this.isLoading && !this.failure) await this.#load(() => page.next());
  }

  /** What failed, once more. */
  async retry(): Promise<void> {
    if (this.#asked && !this.isLoading) await this.#load(this.#asked);
  }

  /** What failed, or else the next page: because somebody wants it. */
  goOn(): Promise<void> {
    return this.failure ? this.retry() : this.more();
  }

  stop(): void {
    this.#walk.abort();
    this.isLoading = false;
  }

  async #load(ask: Ask<Item>): Promise<void> {
    const { signal } = this.#walk;
    this.#asked = ask;
    this.isLoading = true;
    this.failure = undefined;
    this.changed();
    const slow = setTimeout(() => {
      this.isSlow = !signal.aborted;
      this.changed();
    }, SLOW_MS);
    try {
      const page = await ask();
      if (signal.aborted) return;
      if (page) this.#add(page);
    } catch (thrown) {
      if (signal.aborted) return;
      this.failure = this.#failed(thrown);
    } finally {
      clearTimeout(slow);
    }
    this.isLoading = this.isSlow = false;
    this.changed();
  }

  /** What comes or goes meanwhile shifts the pages: the same item may come twice. */
  #add(page: PageOf<Item>): void {
    const known = new Set(this.items.map(this.#keyOf));
    this.items = [...this.items, ...page.items.filter((item) => !known.has(this.#keyOf(item)))];
    this.#page = page;
    this.hasMore = page.hasMore;
    this.total = page.total ?? this.total;
  }
}
