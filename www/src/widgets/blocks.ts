// Long lists are drawn in blocks, and only those near to what is seen. What is near, and how high a block is, the browser tells
// by itself, so nothing is measured while somebody scrolls.

export const BLOCK = 20;
const MARGIN = "900px 0px";

export class Blocks {
  readonly #changed: () => void;
  readonly #heights = new Map<number, number>();
  #near: ReadonlySet<number> = new Set([0]);
  #rowHeight: number;
  #seen: readonly Element[] = [];
  readonly #observer = new IntersectionObserver((entries) => this.#notice(entries), { rootMargin: MARGIN });

  /** `rowHeight`: a guess, in pixels, until a block has been drawn. */
  constructor(rowHeight: number, changed: () => void) {
    this.#rowHeight = rowHeight;
    this.#changed = changed;
  }

  static count = (rows: number): number => Math.ceil(rows / BLOCK);
  static of = (row: number): number => Math.floor(row / BLOCK);

  isNear(block: number): boolean {
    return this.#near.has(block);
  }

  /** The room to be left for a block that is not drawn. */
  height(block: number, rows: number): number {
    return Math.round(this.#heights.get(block) ?? rows * this.#rowHeight);
  }

  /** Other rows: what was known of single blocks is not true of them. */
  forget(): void {
    this.#heights.clear();
  }

  /** To be called after drawing, with the element of each block: `data-block`, and `data-rows` if it is drawn. */
  watch(elements: Iterable<Element>): void {
    const now = [...elements];
    if (now.length === this.#seen.length && now.every((element, at) => element === this.#seen[at])) return;
    const before = new Set(this.#seen);
    for (const element of now) if (!before.delete(element)) this.#observer.observe(element);
    for (const element of before) this.#observer.unobserve(element);
    this.#seen = now;
  }

  stop(): void {
    this.#observer.disconnect();
    this.#seen = [];
  }

  #notice(entries: readonly IntersectionObserverEntry[]): void {
    const near = new Set(this.#near);
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const { block, rows } = (target as HTMLElement).dataset;
      const at = Number(block);
      // What was taken out of the page has been replaced by another element of the same block.
      if (!target.isConnected) continue;
      if (isIntersecting) near.add(at);
      else near.delete(at);
      if (rows !== undefined && boundingClientRect.height > 0) {
        this.#heights.set(at, boundingClientRect.height);
        this.#rowHeight = boundingClientRect.height / Number(rows);
      }
    }
    const isSame = near.size === this.#near.size && [...near].every((block) => this.#near.has(block));
    this.#near = near;
    if (!isSame) this.#changed();
  }
}
