// The assets of one question, page by page as they are wanted.
import type { ImgixAsset, Imgix, Page } from "image-sources";
import { failureOf } from "../../model/failure.js";
import type { Failure } from "../../types.js";
import { pathOf } from "./asset.js";
import type { Query } from "./query.js";

const SLOW_MS = 300;

export class Loaded {
  /** A new array whenever something changes. */
  items: readonly ImgixAsset[] = [];
  total: number | undefined;
  hasMore = false;
  isLoading = false;
  /** It takes so long that something should stand in its place. */
  isSlow = false;
  failure: Failure | undefined;
  readonly #client: Imgix;
  readonly #changed: () => void;
  #page: Page<ImgixAsset> | undefined;
  #walk = new AbortController();
  #asked: (() => PromiseLike<Page<ImgixAsset> | null>) | undefined;

  constructor(client: Imgix, changed: () => void) {
    this.#client = client;
    this.#changed = changed;
  }

  /** Begins anew; what was under way ends. */
  ask(source: string, query: Query): Promise<void> {
    this.stop();
    const { signal } = (this.#walk = new AbortController());
    Object.assign(this, { items: [], total: undefined, hasMore: false, failure: undefined });
    this.#page = undefined;
    return this.#load(() => this.#client.assets.list(source, { ...query, signal }));
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

  stop(): void {
    this.#walk.abort();
    this.isLoading = false;
  }

  put(asset: ImgixAsset): void {
    const at = this.items.findIndex(({ id }) => id === asset.id);
    if (at >= 0) this.items = this.items.with(at, { ...this.items[at], ...asset });
    else {
      this.items = [asset, ...this.items];
      if (this.total !== undefined) this.total += 1;
    }
    this.#changed();
  }

  find(path: string): ImgixAsset | undefined {
    return this.items.find((asset) => pathOf(asset) === path);
  }

  async #load(ask: () => PromiseLike<Page<ImgixAsset> | null>): Promise<void> {
    const { signal } = this.#walk;
    this.#asked = ask;
    this.isLoading = true;
    this.failure = undefined;
    this.#changed();
    const slow = setTimeout(() => {
      this.isSlow = !signal.aborted;
      this.#changed();
    }, SLOW_MS);
    try {
      const page = await ask();
      if (signal.aborted) return;
      if (page) this.#add(page);
    } catch (thrown) {
      if (signal.aborted) return;
      this.failure = failureOf(thrown);
    } finally {
      clearTimeout(slow);
    }
    this.isLoading = this.isSlow = false;
    this.#changed();
  }

  /** Files that come or go meanwhile shift the pages: the same one may come twice. */
  #add(page: Page<ImgixAsset>): void {
    const known = new Set(this.items.map(({ id }) => id));
    this.items = [...this.items, ...page.items.filter(({ id }) => !known.has(id))];
    this.#page = page;
    this.hasMore = page.hasMore;
    this.total = page.total ?? this.total;
  }
}
