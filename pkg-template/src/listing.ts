// Lists: awaited for the first page, iterated for every item of every page.
import { looked, quietly, UnreadableResponseError } from "./errors.js";
import { onAbort } from "./run.js";
import type { OperationRow } from "./tables.js";

type Load = (options: any) => Promise<[any[], number | null, any, boolean | null]>;

/** A provider may skip what a filter leaves away, but not for ever. */
const MOST_EMPTY = 500;

const keyOf = (page: any) => String(page?.cursor ?? page?.number);

export class Listing {
  #load: () => Promise<any>;
  // In a field, not in a closure: what a closure keeps, V8 throws away late, and the page with it.
  #first: Promise<any> | undefined;
  #options: any;

  constructor(from: OperationRow["from"], base: any, load: Load) {
    /** Each page mark that was given, and the number of the page that gave it. */
    const given = new Map<string, number>();
    /** `empty`: how many pages without an item came before it, one after the other. */
    const page = async (options: any, number = 0, empty = 0): Promise<any> => {
      const [items, total, mark, again] = await load(options);
      const hasMore = mark !== null;
      // What the provider does not say of the next page goes on as it was asked for.
      const asked = options?.page;
      const following = hasMore && { ...asked, ...("cursor" in mark ? {} : { number: (asked?.number ?? 0) + 1 }), ...mark };
      const key = keyOf(following);
      const next = async (more?: object) => {
        if (!hasMore) return null;
        if (empty > MOST_EMPTY || (given.get(key) ?? number) != number || key === keyOf(asked) || again)
          throw new UnreadableResponseError(
            `${from.provider} gave nothing new before the page ${JSON.stringify(following)}`,
            { ...from, kind: "unreadable", sent: true, attempts: 1 },
            "repeated-cursor",
          );
        const options = looked(() => ({ ...base, ...more, page: following }), from);
        given.set(key, number);
        return page(options, number + 1, items.length ? 0 : empty + 1);
      };
      return { items, ...(total !== null && { total }), hasMore, next };
    };
    this.#load = () => page(base);
    this.#options = base;
  }

  then(done?: any, failed?: any) {
    return (this.#first ??= this.#load()).then(done, failed);
  }

  catch(failed?: any) {
    return this.then(undefined, failed);
  }

  finally(always?: any) {
    return this.then().finally(always);
  }

  async *pages() {
    let current: any = await this;
    const { prefetch, signal } = this.#options ?? {};
    const stop = new AbortController();
    const off = onAbort(signal, () => stop.abort(signal.reason));
    try {
      while (current) {
        const ahead = prefetch && current.next({ signal: stop.signal });
        quietly(() => ahead);
        yield current;
        current = await (ahead || current.next());
      }
    } finally {
      // Whoever leaves the loop early never asks for what was fetched ahead.
      off();
      stop.abort();
    }
  }

  async *[Symbol.asyncIterator]() {
    for await (const { items } of this.pages())
      for (const item of items) {
        yield item;
        const { signal } = this.#options ?? {};
        if (signal?.aborted) throw signal.reason;
      }
  }

  get [Symbol.toStringTag]() {
    return "Listing";
  }
}
