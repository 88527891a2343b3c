// Lists: awaited for the first page, iterated for every item of every page.
import { failing, unreadable, UnreadableResponseError } from "./errors.js";

type Load = (options: any) => Promise<[any[], number | null, any]>;

interface Walk {
  load: Load;
  base: any;
  /** Each page mark that was given, and the number of the page that gave it. */
  given: Map<string, number>;
  from: { provider: string; operation: string };
}

const page = async (walk: Walk, options: any, number: number): Promise<any> => {
  const [items, total, mark] = await walk.load(options);
  const hasMore = mark !== null;
  // What the provider does not say of the next page goes on as it was asked for.
  const asked: any = options?.page;
  const following: any = hasMore && { ...asked, ...("cursor" in mark ? {} : { number: (asked?.number ?? 0) + 1 }), ...mark };
  const key = String(following.cursor ?? following.number);
  const same = hasMore && key === String(asked?.cursor ?? asked?.number);
  return {
    items,
    ...(total !== null && { total }),
    hasMore,
    async next(more?: object) {
      if (!hasMore) return null;
      if ((walk.given.get(key) ?? number) != number || same) {
        const message = `${walk.from.provider} gave the page ${JSON.stringify(following)} twice: the list would never end`;
        throw failing(UnreadableResponseError, "unreadable", "repeated-cursor", message, { ...walk.from, sent: true, attempts: 1 });
      }
      let options;
      try {
        options = { ...walk.base, ...more, page: following };
      } catch (cause) {
        throw unreadable(cause, walk.from);
      }
      walk.given.set(key, number);
      return page(walk, options, number + 1);
    },
  };
};

export class Listing {
  #first: (() => Promise<any>) | undefined;
  #promise: Promise<any> | undefined;
  #prefetch: boolean;

  constructor(provider: string, operation: string, options: any, load: Load) {
    const walk: Walk = { load, base: options, given: new Map(), from: { provider, operation } };
    this.#prefetch = options?.prefetch === true;
    this.#first = () => page(walk, options, 0);
  }

  #page() {
    return (this.#promise ??= this.#first!());
  }

  then(done?: any, failed?: any) {
    return this.#page().then(done, failed);
  }

  catch(failed?: any) {
    return this.#page().catch(failed);
  }

  finally(always?: any) {
    return this.#page().finally(always);
  }

  async *pages() {
    let current = await this.#page();
    while (current) {
      const ahead = this.#prefetch ? current.next() : undefined;
      // Whoever leaves the loop early never asks for what was fetched ahead.
      ahead?.catch(() => {});
      yield current;
      current = await (ahead ?? current.next());
    }
  }

  async *[Symbol.asyncIterator]() {
    for await (const { items } of this.pages()) yield* items;
  }

  get [Symbol.toStringTag]() {
    return "Listing";
  }
}
