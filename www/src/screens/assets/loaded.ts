// The assets of one question, page by page as they are wanted.
import type { ImgixAsset, Imgix } from "image-sources";
import { Listing } from "../../model/listing.js";
import { pathOf } from "./asset.js";
import type { Query } from "./query.js";

export class Loaded extends Listing<ImgixAsset> {
  readonly #client: Imgix;

  constructor(client: Imgix, changed: () => void) {
    super(({ id }) => id, changed);
    this.#client = client;
  }

  /** Begins anew with another question. */
  of(source: string, query: Query): Promise<void> {
    return this.ask((signal) => this.#client.assets.list(source, { ...query, signal }));
  }

  put(asset: ImgixAsset): void {
    const at = this.items.findIndex(({ id }) => id === asset.id);
    if (at >= 0) this.items = this.items.with(at, { ...this.items[at], ...asset });
    else {
      this.items = [asset, ...this.items];
      if (this.total !== undefined) this.total += 1;
    }
    this.changed();
  }

  find(path: string): ImgixAsset | undefined {
    return this.items.find((asset) => pathOf(asset) === path);
  }
}
