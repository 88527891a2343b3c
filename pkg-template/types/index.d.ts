// Typed client for the management APIs of imgix and ImageBoss.
// Written by `cargo run -p build-package -- types` from the tables of the core and from base.d.ts.in.

/**
 * The imgix Management API.
 *
 * @see https://docs.imgix.com/apis/management/overview
 */
export class Imgix {
  /** Throws {@link InvalidInputError} for options that cannot be right. */
  constructor(options: ImgixOptions);

  /** Where imgix reads originals from. */
  readonly sources: ImgixSources;

  /** Images and videos that imgix knows of a source. */
  readonly assets: ImgixAssets;

  /** Uploads of large files, step by step; `assets.upload` does all of them. */
  readonly uploadSessions: ImgixUploadSessions;

  /**
   * Purges the image at an address, and all that is made of it. What was purged a moment ago is purged again:
   * `alreadyQueued` tells.
   *
   * - `POST /purge`
   * - permission: Purge
   * - rate class: `purge`, 10 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  purge(url: string, options?: ImgixPurgeOptions): Promise<{ id?: string; alreadyQueued: boolean }>;

  /**
   * Experimental, and may change: publishes the image at an address.
   *
   * - `POST /publish`
   * - permission: Asset Purge
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  publish(url: string, sourceId: string, options?: ReadOptions): Promise<ImgixPublishReceipt>;

  /**
   * Experimental, and may change: takes back the publication of the image at an address.
   *
   * - `POST /unpublish`
   * - permission: Asset Purge
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  unpublish(url: string, sourceId: string, options?: ReadOptions): Promise<ImgixPublishReceipt>;

  /** Logs and numbers as files. */
  readonly reports: ImgixReports;

  /** The same methods, but they only give the request they would send, with its secrets masked. */
  readonly dryRun: DryRun<
    Pick<Imgix, "sources" | "assets" | "uploadSessions" | "purge" | "publish" | "unpublish" | "reports">,
    "waitUntilDeployed" | "waitUntilComplete"
  >;
}

/** Where imgix reads originals from. */
export interface ImgixSources {
  /**
   * Lists sources, page by page.
   *
   * - `GET /sources`
   * - permission: Sources
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  list(options?: ImgixSourcesQuery): Listing<ImgixSource>;

  /**
   * Reads one source.
   *
   * - `GET /sources/{id}`
   * - permission: Sources
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  get(id: string, options?: ReadOptions): Promise<ImgixSource>;

  /**
   * Creates a source and deploys it. The subdomain can never be used again, and the source never be deleted.
   *
   * - `POST /sources`
   * - permission: Sources
   * - rate class: `sources.create`, 60 per hour
   * - sent again only after a failure that proves nothing happened
   * - rejects with `InvalidInputError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  create(input: ImgixSourceInput, options?: CallOptions): Promise<ImgixSource>;

  /**
   * Changes a source. A `deployment` is merged with the stored one first; a change of it deploys.
   *
   * - `PATCH /sources/{id}`
   * - permission: Sources
   * - rate class: `sources.update`, 60 per hour
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  update(id: string, changes: ImgixSourceChanges, options?: ImgixSourceUpdateOptions): Promise<ImgixSource>;

  /**
   * Enables a source.
   *
   * - `PATCH /sources/{id}`
   * - permission: Sources
   * - rate class: `sources.update`, 60 per hour
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  enable(id: string, options?: ReadOptions): Promise<ImgixSource>;

  /**
   * Disables a source: assets that are not cached answer 410. imgix's only form of deletion.
   *
   * - `PATCH /sources/{id}`
   * - permission: Sources
   * - rate class: `sources.update`, 60 per hour
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  disable(id: string, options?: ReadOptions): Promise<ImgixSource>;

  /**
   * Waits until imgix serves what was last changed; that takes some minutes.
   *
   * - `GET /sources/{id}`
   * - permission: Sources
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - asks every 5_000 ms until `deployment_status` is `deployed`, unless `intervalMs` says otherwise
   * - one attempt may take 30_000 ms and the whole call 1_800_000 ms, unless an option says otherwise
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  waitUntilDeployed(id: string, options?: ImgixSourceWaitOptions): Promise<ImgixSource>;
}

/** Images and videos that imgix knows of a source. */
export interface ImgixAssets {
  /**
   * Lists assets, page by page.
   *
   * - `GET /sources/{sourceId}/assets`
   * - permission: Asset Manager Browse
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  list(sourceId: string, options?: ImgixAssetsQuery): Listing<ImgixAsset>;

  /**
   * Reads one asset.
   *
   * - `GET /sources/{sourceId}/assets/{path+}`
   * - permission: Asset Manager Browse
   * - rate class: `assets.get`, 10 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  get(sourceId: string, path: string, options?: ReadOptions): Promise<ImgixAsset>;

  /**
   * Changes an asset. Lists and objects replace what is stored, unless `merge` is set.
   *
   * - `PATCH /sources/{sourceId}/assets/{path+}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  update(sourceId: string, path: string, changes: ImgixAssetChanges, options?: ImgixAssetUpdateOptions): Promise<ImgixAsset>;

  /**
   * Makes an object known that is in the storage already. Assets that are rendered need no adding.
   *
   * - `POST /sources/{sourceId}/assets/add/{path+}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  add(sourceId: string, path: string, options?: ReadOptions): Promise<ImgixAsset | null>;

  /**
   * Reads an asset's file anew, and purges it.
   *
   * - `POST /sources/{sourceId}/assets/refresh/{path+}`
   * - permission: Asset Manager Edit
   * - rate class: `assets.refresh`, 10 per minute
   * - sent again only after a failure that proves nothing happened
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  refresh(sourceId: string, path: string, options?: ReadOptions): Promise<ImgixAsset | null>;

  /**
   * Uploads a file into the source's storage, which must allow it.
   *
   * - `POST /sources/{sourceId}/upload/{path+}`
   * - permission: Asset Manager Edit
   * - rate class: `assets.upload`, 2 per second
   * - sent again only after a failure that proves nothing happened
   * - one attempt may take 600_000 ms and the whole call 1_800_000 ms, unless an option says otherwise
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  upload(sourceId: string, path: string, body: UploadBody, options?: ImgixUploadOptions): Promise<ImgixAsset | null>;
}

/** Uploads of large files, step by step; `assets.upload` does all of them. */
export interface ImgixUploadSessions {
  /**
   * Opens a session for one file. Its bytes go to `url` by PUT, without the key.
   *
   * - `POST /sources/{sourceId}/upload-sessions/create/{path+}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again only after a failure that proves nothing happened
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  create(sourceId: string, path: string, options?: ImgixUploadSessionOptions): Promise<ImgixUploadSession>;

  /**
   * Reads a session.
   *
   * - `GET /sources/{sourceId}/upload-sessions/status/{sessionId}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  status(sourceId: string, sessionId: string, options?: ReadOptions): Promise<ImgixUploadSession>;

  /**
   * Says that all bytes are there.
   *
   * - `POST /sources/{sourceId}/upload-sessions/close/{sessionId}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  close(sourceId: string, sessionId: string, options?: ReadOptions): Promise<ImgixUploadSession>;

  /**
   * Gives a session up.
   *
   * - `DELETE /sources/{sourceId}/upload-sessions/cancel/{sessionId}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  cancel(sourceId: string, sessionId: string, options?: ReadOptions): Promise<ImgixUploadSession | null>;

  /**
   * Waits until imgix has taken in the file of a closed session.
   *
   * - `GET /sources/{sourceId}/upload-sessions/status/{sessionId}`
   * - permission: Asset Manager Edit
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - asks every 2_000 ms until `status` is `COMPLETE`, unless `intervalMs` says otherwise
   * - one attempt may take 30_000 ms and the whole call 1_800_000 ms, unless an option says otherwise
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  waitUntilComplete(sourceId: string, sessionId: string, options?: ImgixUploadSessionWaitOptions): Promise<ImgixUploadSession>;

  /**
   * Sends the bytes of a session to its `url`. The type must be the one with which it was opened.
   *
   * - `PUT {url}`, without the key and without headers of yours
   * - sent again after any failure that may pass
   * - one attempt may take 600_000 ms and the whole call 1_800_000 ms, unless an option says otherwise
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  put(url: string, body: UploadBody, options?: ImgixUploadSessionOptions): Promise<void>;
}

/** Logs and numbers as files. */
export interface ImgixReports {
  /**
   * Lists reports, page by page.
   *
   * - `GET /reports`
   * - permission: Analytics
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  list(options?: ImgixReportsQuery): Listing<ImgixReport>;

  /**
   * Reads one report.
   *
   * - `GET /reports/{id}`
   * - permission: Analytics
   * - rate class: `default`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://docs.imgix.com/apis/management/overview
   */
  get(id: string, options?: ReadOptions): Promise<ImgixReport>;
}

/**
 * The ImageBoss Sources API.
 *
 * @see https://imageboss.me/docs/api/sources
 */
export class ImageBoss {
  /** Throws {@link InvalidInputError} for options that cannot be right. */
  constructor(options: ImageBossOptions);

  /** Where ImageBoss reads originals from. */
  readonly sources: ImageBossSources;

  /**
   * Purges an image, and all that is made of it, within 15 minutes. `source` is the source's name.
   *
   * - `DELETE /{source}/{path+}`, on the image host
   * - permission: API key
   * - rate class: `imageboss.purge`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://imageboss.me/docs/api/sources
   */
  purge(source: string, path: string, options?: ReadOptions): Promise<void>;

  /** The same methods, but they only give the request they would send, with its secrets masked. */
  readonly dryRun: DryRun<Pick<ImageBoss, "sources" | "purge">>;
}

/** Where ImageBoss reads originals from. */
export interface ImageBossSources {
  /**
   * Lists every source on one page.
   *
   * - `GET /sources`
   * - permission: API key
   * - rate class: `imageboss`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, or as any call may
   *
   * @see https://imageboss.me/docs/api/sources
   */
  list(options?: ReadOptions): Listing<ImageBossSource>;

  /**
   * Reads one source.
   *
   * - `GET /sources/{id}`
   * - permission: API key
   * - rate class: `imageboss`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError` or `NotFoundError`, or as any call may
   *
   * @see https://imageboss.me/docs/api/sources
   */
  get(id: string, options?: ReadOptions): Promise<ImageBossSource>;

  /**
   * Creates a source. Its name must be free over all of ImageBoss.
   *
   * - `POST /sources`
   * - permission: API key
   * - rate class: `imageboss`, 4 per second
   * - sent again only after a failure that proves nothing happened
   * - rejects with `InvalidInputError` or `DeclinedError`, or as any call may
   *
   * @see https://imageboss.me/docs/api/sources
   */
  create(input: ImageBossSourceInput, options?: CallOptions): Promise<ImageBossSource>;

  /**
   * Changes the given attributes, also inside `credential_attributes`. A new name changes every address.
   *
   * - `PATCH /sources/{id}`
   * - permission: API key
   * - rate class: `imageboss`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://imageboss.me/docs/api/sources
   */
  update(id: string, changes: ImageBossSourceChanges, options?: CallOptions): Promise<ImageBossSource>;

  /**
   * Deletes a source. The images in the storage stay.
   *
   * - `DELETE /sources/{id}`
   * - permission: API key
   * - rate class: `imageboss`, 4 per second
   * - sent again after any failure that may pass
   * - rejects with `InvalidInputError`, `NotFoundError` or `DeclinedError`, or as any call may
   *
   * @see https://imageboss.me/docs/api/sources
   */
  delete(id: string, options?: ReadOptions): Promise<void>;
}

/**
 * The methods of a client that only prepare: each gives the request it would send. Those that take several requests are
 * left out.
 */
export type DryRun<Client, Several extends string = never> = {
  readonly [Member in keyof Client as Exclude<Member, Several | `${string}All`>]: Client[Member] extends (...given: infer Given) => unknown
    ? (...given: Given) => Promise<PreparedRequest>
    : DryRun<Client[Member], Several>;
};

/** What can be uploaded. A stream and an iterable can be read once, so they are sent once; the others again if need be. */
export type UploadBody =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | string
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/**
 * A list that is sent for when it is awaited or iterated, and not before. Awaiting it gives the first page, `for await`
 * every item of every page.
 */
export interface Listing<Item> extends AsyncIterable<Item> {
  then<Done = Page<Item>, Failed = never>(
    done?: ((page: Page<Item>) => Done | PromiseLike<Done>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed>;
  catch<Failed = never>(
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Page<Item> | Failed>;
  finally(always?: (() => void) | null): Promise<Page<Item>>;
  /** Every page, each fetched when it is asked for. */
  pages(): AsyncIterableIterator<Page<Item>>;
  readonly [Symbol.toStringTag]: string;
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** How many items all pages hold together, if the provider says so. */
  total?: number;
  hasMore: boolean;
  /** The next page, or `null` after the last. */
  next(options?: CallOptions): Promise<Page<Item> | null>;
}

/** Things to do something to: one after the other, as many at once as the limits make sensible. */
export type BulkItems<Item> = Iterable<Item> | AsyncIterable<Item>;

/** How many calls of one operation go about it. */
export interface BulkOptions extends ReadOptions {
  /** What an earlier run wrote: what it has done is not done again. */
  journal?: BulkJournal;
  /** Keeps the journal: before requests are sent, so that none is that no journal knows of, and at the end. */
  save?: (journal: BulkJournal) => unknown;
  onProgress?: (progress: BulkProgress) => void;
}

/** What became of one item. `unknown`: it may have happened, and is not repeated. */
export interface BulkResult<Item, Value> {
  /** The item's place among the items, counted from 0. */
  index: number;
  item: Item;
  outcome: "ok" | "failed" | "unknown";
  value?: Value;
  error?: ImageSourcesError;
}

export interface BulkProgress {
  /** How many items there are, if that is known. */
  total?: number;
  done: number;
  ok: number;
  failed: number;
  unknown: number;
}

/**
 * A set of places, small however many there are: an element for each thousand, a number to base 16 with a bit for each place.
 * {@link journalPlaces} lists them.
 */
export type JournalSet = (string | null)[];

/** The places of the items in a set of a journal, counted from 0. */
export function journalPlaces(set: JournalSet): number[];

/** What is needed to go on with the same items later. Plain JSON; damaged ones and those of other items are refused. */
export interface BulkJournal {
  version: 2;
  operation: string;
  /** How many items have been taken up. */
  taken: number;
  /** A fingerprint of these. */
  items: number;
  /** Items whose requests were sent, and whose outcome is not known. */
  open: JournalSet;
  /** Items that failed. */
  failed: JournalSet;
  /** Places of items that were taken up and not done, because they were never sent or the key was refused: a later run does them. */
  left: number[];
  check: number;
}

/**
 * Many calls of one operation. Nothing is sent until it is iterated; results come as they are there. Leaving the loop or
 * aborting ends the calls that are under way; their items are `open` in the journal. A key that is refused (401) and a request that
 * cannot even leave end the run: what has left comes to its end, then the error is thrown, and a later run does the rest.
 */
export interface Bulk<Item, Value> extends AsyncIterable<BulkResult<Item, Value>> {
  readonly plan: {
    operation: string;
    rateClass: string;
    /** How many items there are, if that is known. */
    total?: number;
    /** The least time it can take under the limit of its class, in milliseconds. */
    etaMs?: number;
  };
  readonly progress: BulkProgress;
  journal(): BulkJournal;
}

export interface Imgix {
  /**
   * Any operation but lists for many items: each item is the list of the method's arguments, or its only one.
   * Takes the options of the operation as well.
   */
  bulk(operation: string, items: BulkItems<unknown>, options?: BulkOptions & Record<string, unknown>): Bulk<any, any>;
  /** Purges many addresses. */
  purgeAll(urls: BulkItems<string>, options?: BulkOptions & ImgixPurgeOptions): Bulk<string, { id?: string; alreadyQueued: boolean }>;
}

export interface ImgixSources {
  /** Changes many sources: items are `[id, changes]`. */
  updateAll(items: BulkItems<[string, ImgixSourceChanges]>, options?: BulkOptions & ImgixSourceUpdateOptions): Bulk<[string, ImgixSourceChanges], ImgixSource>;
}

export interface ImgixAssets {
  /** Changes many assets: items are `[sourceId, path, changes]`. */
  updateAll(
    items: BulkItems<[string, string, ImgixAssetChanges]>,
    options?: BulkOptions & ImgixAssetUpdateOptions,
  ): Bulk<[string, string, ImgixAssetChanges], ImgixAsset>;
  /** Refreshes many assets: items are `[sourceId, path]`. */
  refreshAll(items: BulkItems<[string, string]>, options?: BulkOptions): Bulk<[string, string], ImgixAsset | null>;
}

export interface ImageBoss {
  /**
   * Any operation but lists for many items: each item is the list of the method's arguments, or its only one.
   * Takes the options of the operation as well.
   */
  bulk(operation: string, items: BulkItems<unknown>, options?: BulkOptions & Record<string, unknown>): Bulk<any, any>;
  /** Purges many images: items are `[source, path]`. */
  purgeAll(items: BulkItems<[string, string]>, options?: BulkOptions): Bulk<[string, string], void>;
}

export interface ImageBossSources {
  /** Changes many sources: items are `[id, changes]`. */
  updateAll(items: BulkItems<[string, ImageBossSourceChanges]>, options?: BulkOptions & CallOptions): Bulk<[string, ImageBossSourceChanges], ImageBossSource>;
}

/** Where imgix reads originals from. */
export interface ImgixSource {
  id: string;
  type: string;
  relationships?: Record<string, JsonValue>;
  /** Attributes that have the name of one of the members above. */
  attributes?: Record<string, JsonValue>;
  /** shown in the dashboard only */
  name?: string;
  /** a disabled source answers 410 for assets that are not cached */
  enabled?: boolean;
  /** where the originals are and how they are served; replaced as a whole */
  deployment?: ImgixDeployment;
  /** set by imgix */
  deployment_status?: "deploying" | "deployed" | "disabled" | "deleted" | (string & {}) | null;
  /** unix seconds of the last deployment */
  date_deployed?: number | null;
  /** signs addresses; there only if `secure_url_enabled`; secret */
  secure_url_token?: string | null;
}

/** Where a source's originals are and how they are served. */
export interface ImgixDeployment {
  /** kind of storage */
  type?: "s3" | "s3_compatible" | "gcs" | "azure" | "webfolder" | "webproxy" | (string & {});
  /** labels before `.imgix.net`; unique over all of imgix and never reusable */
  imgix_subdomains?: string[];
  /** access key id */
  s3_access_key?: string;
  /** bucket */
  s3_bucket?: string;
  /** folder in the bucket */
  s3_prefix?: string | null;
  /** who stores */
  storage_provider?: "DigitalOcean" | "Wasabi" | "Linode" | (string & {});
  /** access key id */
  access_key_id?: string;
  /** bucket */
  bucket_name?: string;
  /** address of the storage */
  endpoint_url?: string;
  /** region of the bucket */
  region?: string;
  /** HMAC access id */
  gcs_access_key?: string;
  /** bucket */
  gcs_bucket?: string;
  /** folder in the bucket */
  gcs_prefix?: string | null;
  /** storage account */
  azure_account?: string;
  /** container */
  azure_bucket?: string;
  /** folder in the container */
  azure_prefix?: string | null;
  /** kind of Azure storage */
  azure_service_type?: "blob" | "file" | (string & {}) | null;
  /** address that image paths are appended to */
  webfolder_base_url?: string;
  /** for HTTP Basic authentication at the origin */
  username?: string | null;
  /** host names of your own; unique over all sources */
  custom_domains?: string[];
  /** must addresses be signed? always for web proxies */
  secure_url_enabled?: boolean;
  /** whose word counts for caching */
  cache_ttl_behavior?: "respect_origin" | "override_origin" | "enforce_minimum" | (string & {});
  /** seconds an image is cached */
  cache_ttl_value?: number;
  /** seconds an error is cached */
  cache_ttl_error?: number;
  /** rendering parameters for every image */
  default_params?: Record<string, string>;
  /** address of the image shown in place of an error */
  image_error?: string | null;
  /** keep the query for the error image */
  image_error_append_qs?: boolean;
  /** address of the image shown in place of a missing one */
  image_missing?: string | null;
  /** keep the query for the missing image */
  image_missing_append_qs?: boolean;
  /** serve a crossdomain.xml */
  crossdomain_xml_enabled?: boolean;
  /** which robots.txt is served */
  "robots.txt"?: "origin" | "allow-all" | "disallow-all" | (string & {});
  /** a note about this deployment */
  annotation?: string;
  /** can images be uploaded? */
  allows_upload?: boolean | null;
  /** is a password stored? */
  password_set?: boolean | null;
  /** is a request handshake stored? */
  request_handshake_set?: boolean | null;
  /** is a request signing key stored? */
  request_signing_key_set?: boolean | null;
}

/** Where imgix reads originals from. */
export interface ImgixSourceInput {
  /** shown in the dashboard only */
  name: string;
  /** where the originals are and how they are served; replaced as a whole */
  deployment: ImgixDeploymentInput;
}

/** Where a source's originals are and how they are served. */
export type ImgixDeploymentInput =
  | ImgixDeploymentInputS3
  | ImgixDeploymentInputS3Compatible
  | ImgixDeploymentInputGcs
  | ImgixDeploymentInputAzure
  | ImgixDeploymentInputWebfolder
  | ImgixDeploymentInputWebproxy;

/** What goes with every type. */
export interface ImgixDeploymentInputCommon {
  /** labels before `.imgix.net`; unique over all of imgix and never reusable; at least one */
  imgix_subdomains: readonly string[];
  /** host names of your own; unique over all sources; default `[]` */
  custom_domains?: readonly string[];
  /** must addresses be signed? always for web proxies; default `false` */
  secure_url_enabled?: boolean;
  /** whose word counts for caching; default `"respect_origin"` */
  cache_ttl_behavior?: "respect_origin" | "override_origin" | "enforce_minimum";
  /** seconds an image is cached; 1 to 31536000; default `31536000` */
  cache_ttl_value?: number;
  /** seconds an error is cached; 1 to 31536000; default `300` */
  cache_ttl_error?: number;
  /** rendering parameters for every image; default `{}` */
  default_params?: Record<string, string>;
  /** address of the image shown in place of an error */
  image_error?: string | null;
  /** keep the query for the error image; default `false` */
  image_error_append_qs?: boolean;
  /** address of the image shown in place of a missing one */
  image_missing?: string | null;
  /** keep the query for the missing image; default `false` */
  image_missing_append_qs?: boolean;
  /** serve a crossdomain.xml; default `false` */
  crossdomain_xml_enabled?: boolean;
  /** which robots.txt is served */
  "robots.txt"?: "origin" | "allow-all" | "disallow-all" | (string & {});
  /** a note about this deployment */
  annotation?: string;
}

export interface ImgixDeploymentInputS3 extends ImgixDeploymentInputCommon {
  /** kind of storage */
  type: "s3";
  /** access key id */
  s3_access_key: string;
  /** secret access key; secret */
  s3_secret_key: string;
  /** bucket */
  s3_bucket: string;
  /** folder in the bucket */
  s3_prefix?: string | null;
}

export interface ImgixDeploymentInputS3Compatible extends ImgixDeploymentInputCommon {
  /** kind of storage */
  type: "s3_compatible";
  /** who stores */
  storage_provider: "DigitalOcean" | "Wasabi" | "Linode" | (string & {});
  /** access key id */
  access_key_id: string;
  /** secret access key; secret */
  secret_key: string;
  /** bucket */
  bucket_name: string;
  /** address of the storage */
  endpoint_url: string;
  /** region of the bucket */
  region: string;
}

export interface ImgixDeploymentInputGcs extends ImgixDeploymentInputCommon {
  /** kind of storage */
  type: "gcs";
  /** HMAC access id */
  gcs_access_key: string;
  /** HMAC secret; secret */
  gcs_secret_key: string;
  /** bucket */
  gcs_bucket: string;
  /** folder in the bucket */
  gcs_prefix?: string | null;
}

export interface ImgixDeploymentInputAzure extends ImgixDeploymentInputCommon {
  /** kind of storage */
  type: "azure";
  /** storage account */
  azure_account: string;
  /** shared access signature; secret */
  azure_sas_string: string;
  /** container */
  azure_bucket: string;
  /** folder in the container */
  azure_prefix?: string | null;
  /** kind of Azure storage */
  azure_service_type?: "blob" | "file" | (string & {}) | null;
}

export interface ImgixDeploymentInputWebfolder extends ImgixDeploymentInputCommon {
  /** kind of storage */
  type: "webfolder";
  /** address that image paths are appended to */
  webfolder_base_url: string;
  /** for HTTP Basic authentication at the origin */
  username?: string | null;
  /** for HTTP Basic authentication at the origin; secret */
  password?: string | null;
}

export interface ImgixDeploymentInputWebproxy extends ImgixDeploymentInputCommon {
  /** kind of storage */
  type: "webproxy";
  /** for HTTP Basic authentication at the origin */
  username?: string | null;
  /** for HTTP Basic authentication at the origin; secret */
  password?: string | null;
  /** must addresses be signed? always for web proxies; default `false` */
  secure_url_enabled: true;
}

/** Any part of it. The type may be left out. */
export interface ImgixSourceChanges {
  /** shown in the dashboard only */
  name?: string;
  /** a disabled source answers 410 for assets that are not cached */
  enabled?: boolean;
  /** where the originals are and how they are served; replaced as a whole */
  deployment?: ImgixDeploymentChanges;
}

/** Any part of it. The type may be left out. */
export type ImgixDeploymentChanges = Partial<ImgixDeploymentInput>;

/** An image or a video of a source. */
export interface ImgixAsset {
  id: string;
  type: string;
  relationships?: Record<string, JsonValue>;
  /** Attributes that have the name of one of the members above. */
  attributes?: Record<string, JsonValue>;
  /** path in the storage, with a slash before it */
  origin_path?: string | null;
  /** the source it belongs to */
  source_id?: string | null;
  /** shown in the Asset Manager */
  name?: string | null;
  /** text beside it */
  description?: string | null;
  /** labels; replaced as a whole */
  categories?: string[] | null;
  /** values of your own; replaced as a whole */
  custom_fields?: Record<string, string> | null;
  /** confidence from 0 to 1 by tag; a tag that was taken off stays with 0 */
  tags?: Record<string, number> | null;
  /** what was found in the image */
  colors?: ImgixAssetColors | null;
  /** media type */
  content_type?: string | null;
  /** kind of file */
  media_kind?: "IMAGE" | "VIDEO" | (string & {}) | null;
  /** bytes */
  file_size?: number | null;
  /** pixels */
  media_width?: number | null;
  /** pixels */
  media_height?: number | null;
  dpi_width?: number | null;
  dpi_height?: number | null;
  color_model?: string | null;
  color_profile?: string | null;
  face_count?: number | null;
  /** is it animated? */
  has_frames?: boolean | null;
  /** the user who uploaded it */
  uploaded_by?: string | null;
  uploaded_by_api?: boolean | null;
  analyzed_faces?: boolean | null;
  analyzed_tags?: boolean | null;
  analyzed_content_warnings?: boolean | null;
  /** unix seconds */
  date_created?: number | null;
  /** unix seconds */
  date_modified?: number | null;
  /** how likely, from 1 to 5 */
  warning_adult?: number | null;
  /** how likely, from 1 to 5 */
  warning_medical?: number | null;
  /** how likely, from 1 to 5 */
  warning_racy?: number | null;
  /** how likely, from 1 to 5 */
  warning_spoof?: number | null;
  /** how likely, from 1 to 5 */
  warning_violence?: number | null;
}

/** The colors of an image. */
export interface ImgixAssetColors {
  /** hexadecimal colors by what they are, such as `vibrant` */
  dominant_colors?: Record<string, string> | null;
}

/** Any part of what can be changed. */
export interface ImgixAssetChanges {
  /** shown in the Asset Manager */
  name?: string | null;
  /** text beside it */
  description?: string | null;
  /** labels; replaced as a whole */
  categories?: readonly string[] | null;
  /** values of your own; replaced as a whole */
  custom_fields?: Record<string, string> | null;
}

/** A file on its way into a source's storage. */
export interface ImgixUploadSession {
  id: string;
  type: string;
  relationships?: Record<string, JsonValue>;
  /** Attributes that have the name of one of the members above. */
  attributes?: Record<string, JsonValue>;
  /** goes from `PENDING` over `CLOSED` to `COMPLETE` */
  status?: "PENDING" | "CLOSED" | "COMPLETE" | "CANCELED" | (string & {}) | null;
  /** where the bytes go; signed, so whoever has it can write; secret */
  url?: string | null;
  /** path in the storage, with a slash before it */
  origin_path?: string | null;
  /** the source it belongs to */
  source_id?: string | null;
  /** unix seconds */
  date_created?: number | null;
  /** unix seconds */
  date_modified?: number | null;
  /** unix seconds; eight hours after creation */
  date_expires?: number | null;
}

/** That something is published, or no longer. */
export interface ImgixPublishReceipt {
  id: string;
  type: string;
  relationships?: Record<string, JsonValue>;
  /** Attributes that have the name of one of the members above. */
  attributes?: Record<string, JsonValue>;
  /** there for `publish` */
  publish_id?: string | null;
  /** there for `unpublish` */
  unpublish_id?: string | null;
}

/** What imgix counted in a period. Kept for 90 days. */
export interface ImgixReport {
  id: string;
  type: string;
  relationships?: Record<string, JsonValue>;
  /** Attributes that have the name of one of the members above. */
  attributes?: Record<string, JsonValue>;
  /** type and day, such as `cdn_logs_20250812` */
  report_key?: string | null;
  /** what is in it */
  report_type?: "cdn_logs" | "image_analytics" | "source_analytics" | "mild_errors" | "severe_errors" | "credit_analytics_daily" | "credit_analytics_mtd" | (string & {}) | null;
  /** is it final? */
  completed?: boolean | null;
  /** addresses of its files; they expire, so read the report again for new ones */
  files?: string[] | null;
  /** unix seconds */
  period_start?: number | null;
  /** unix seconds */
  period_end?: number | null;
}

/** Where ImageBoss reads originals from. */
export interface ImageBossSource {
  /** 24 hex digits; treat it as opaque */
  id: string;
  /** name, and first segment of every address of its images */
  source?: string;
  /** kind of storage */
  source_type?: "s3" | "gcs" | "dos" | "r2" | "akamai" | "wasabi" | "azure" | "url" | (string & {});
  /** what is stored, secrets masked; never write it back */
  credentials?: ImageBossCredentials | null;
  /** RFC 3339 */
  created_at?: string | null;
  /** RFC 3339 */
  updated_at?: string | null;
}

/** How ImageBoss reaches the storage. */
export interface ImageBossCredentials {
  /** access key id */
  access_key_id?: string;
  /** secret access key; secret */
  secret_access_key?: string;
  /** access key */
  access_key?: string;
  /** secret of the access key; secret */
  secret?: string;
  /** bucket */
  bucket?: string;
  /** region of the bucket */
  region?: "us-east-1" | "us-east-2" | "us-west-1" | "us-west-2" | "af-south-1" | "ap-east-1" | "ap-east-2" | "ap-northeast-1" | "ap-northeast-2" | "ap-northeast-3" | "ap-south-1" | "ap-south-2" | "ap-southeast-1" | "ap-southeast-2" | "ap-southeast-3" | "ap-southeast-4" | "ap-southeast-5" | "ap-southeast-6" | "ap-southeast-7" | "ca-central-1" | "ca-west-1" | "eu-central-1" | "eu-central-2" | "eu-north-1" | "eu-south-1" | "eu-south-2" | "eu-west-1" | "eu-west-2" | "eu-west-3" | "il-central-1" | "me-central-1" | "me-south-1" | "me-west-1" | "mx-central-1" | "sa-east-1" | "sa-west-1" | "nyc3" | "sfo2" | "sfo3" | "ams3" | "fra1" | "sgp1" | "lon1" | "tor1" | "blr1" | "syd1" | "atl1" | (string & {});
  /** host of the cluster */
  endpoint?: "us-east-1.linodeobjects.com" | "us-southeast-1.linodeobjects.com" | "us-iad-1.linodeobjects.com" | "us-lax-1.linodeobjects.com" | "us-mia-1.linodeobjects.com" | "us-ord-1.linodeobjects.com" | "us-sea-1.linodeobjects.com" | "br-gru-1.linodeobjects.com" | "eu-central-1.linodeobjects.com" | "es-mad-1.linodeobjects.com" | "fr-par-1.linodeobjects.com" | "gb-lon-1.linodeobjects.com" | "it-mil-1.linodeobjects.com" | "nl-ams-1.linodeobjects.com" | "se-sto-1.linodeobjects.com" | "ap-south-1.linodeobjects.com" | "au-mel-1.linodeobjects.com" | "id-cgk-1.linodeobjects.com" | "in-maa-1.linodeobjects.com" | "jp-osa-1.linodeobjects.com" | "sg-sin-1.linodeobjects.com" | (string & {});
  /** storage account */
  account_name?: string;
  /** kind of Azure storage */
  service_type?: "blob" | "file-share" | (string & {});
  /** container */
  container_name?: string;
  /** file share */
  share_name?: string;
  /** shared access signature; secret */
  sas_token?: string;
  /** address that image paths are appended to */
  url?: string;
  /** must addresses be signed? deploy signing before turning it on */
  require_token?: boolean | "true" | "false";
  /** signs addresses; generated by ImageBoss; secret */
  secret_token?: string | null;
}

/** Where ImageBoss reads originals from. */
export type ImageBossSourceInput =
  | ImageBossSourceInputS3
  | ImageBossSourceInputGcs
  | ImageBossSourceInputDos
  | ImageBossSourceInputR2
  | ImageBossSourceInputAkamai
  | ImageBossSourceInputWasabi
  | ImageBossSourceInputAzure
  | ImageBossSourceInputUrl;

/** What goes with every type. */
export interface ImageBossSourceInputCommon {
  /** name, and first segment of every address of its images */
  source: string;
}

export interface ImageBossSourceInputS3 extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "s3";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputS3;
}

export interface ImageBossSourceInputGcs extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "gcs";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputGcs;
}

export interface ImageBossSourceInputDos extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "dos";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputDos;
}

export interface ImageBossSourceInputR2 extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "r2";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputR2;
}

export interface ImageBossSourceInputAkamai extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "akamai";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputAkamai;
}

export interface ImageBossSourceInputWasabi extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "wasabi";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputWasabi;
}

export interface ImageBossSourceInputAzure extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "azure";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputAzureBlob | ImageBossCredentialsInputAzureFileShare;
}

export interface ImageBossSourceInputUrl extends ImageBossSourceInputCommon {
  /** kind of storage */
  source_type: "url";
  /** how ImageBoss reaches the storage */
  credential_attributes: ImageBossCredentialsInputUrl;
}

/** What goes with every type. */
export interface ImageBossCredentialsInputCommon {
  /** must addresses be signed? deploy signing before turning it on */
  require_token?: boolean | "true" | "false";
}

export interface ImageBossCredentialsInputS3 extends ImageBossCredentialsInputCommon {
  /** access key id */
  access_key_id: string;
  /** secret access key; secret */
  secret_access_key: string;
  /** bucket */
  bucket: string;
  /** region of the bucket */
  region: "us-east-1" | "us-east-2" | "us-west-1" | "us-west-2" | "af-south-1" | "ap-east-1" | "ap-east-2" | "ap-northeast-1" | "ap-northeast-2" | "ap-northeast-3" | "ap-south-1" | "ap-south-2" | "ap-southeast-1" | "ap-southeast-2" | "ap-southeast-3" | "ap-southeast-4" | "ap-southeast-5" | "ap-southeast-6" | "ap-southeast-7" | "ca-central-1" | "ca-west-1" | "eu-central-1" | "eu-central-2" | "eu-north-1" | "eu-south-1" | "eu-south-2" | "eu-west-1" | "eu-west-2" | "eu-west-3" | "il-central-1" | "me-central-1" | "me-south-1" | "me-west-1" | "mx-central-1" | "sa-east-1" | "sa-west-1" | (string & {});
}

export interface ImageBossCredentialsInputGcs extends ImageBossCredentialsInputCommon {
  /** access key */
  access_key: string;
  /** secret of the access key; secret */
  secret: string;
  /** bucket */
  bucket: string;
}

export interface ImageBossCredentialsInputDos extends ImageBossCredentialsInputCommon {
  /** access key */
  access_key: string;
  /** secret of the access key; secret */
  secret: string;
  /** bucket */
  bucket: string;
  /** region of the bucket */
  region: "nyc3" | "sfo2" | "sfo3" | "ams3" | "fra1" | "sgp1" | "lon1" | "tor1" | "blr1" | "syd1" | "atl1" | (string & {});
}

export interface ImageBossCredentialsInputR2 extends ImageBossCredentialsInputCommon {
  /** access key */
  access_key: string;
  /** secret of the access key; secret */
  secret: string;
  /** bucket */
  bucket: string;
}

export interface ImageBossCredentialsInputAkamai extends ImageBossCredentialsInputCommon {
  /** access key */
  access_key: string;
  /** secret of the access key; secret */
  secret: string;
  /** bucket */
  bucket: string;
  /** host of the cluster */
  endpoint: "us-east-1.linodeobjects.com" | "us-southeast-1.linodeobjects.com" | "us-iad-1.linodeobjects.com" | "us-lax-1.linodeobjects.com" | "us-mia-1.linodeobjects.com" | "us-ord-1.linodeobjects.com" | "us-sea-1.linodeobjects.com" | "br-gru-1.linodeobjects.com" | "eu-central-1.linodeobjects.com" | "es-mad-1.linodeobjects.com" | "fr-par-1.linodeobjects.com" | "gb-lon-1.linodeobjects.com" | "it-mil-1.linodeobjects.com" | "nl-ams-1.linodeobjects.com" | "se-sto-1.linodeobjects.com" | "ap-south-1.linodeobjects.com" | "au-mel-1.linodeobjects.com" | "id-cgk-1.linodeobjects.com" | "in-maa-1.linodeobjects.com" | "jp-osa-1.linodeobjects.com" | "sg-sin-1.linodeobjects.com" | (string & {});
}

export interface ImageBossCredentialsInputWasabi extends ImageBossCredentialsInputCommon {
  /** access key */
  access_key: string;
  /** secret of the access key; secret */
  secret: string;
  /** bucket */
  bucket: string;
}

export interface ImageBossCredentialsInputAzureBlob extends ImageBossCredentialsInputCommon {
  /** storage account */
  account_name: string;
  /** kind of Azure storage */
  service_type: "blob";
  /** container */
  container_name: string;
  /** shared access signature; secret */
  sas_token: string;
}

export interface ImageBossCredentialsInputAzureFileShare extends ImageBossCredentialsInputCommon {
  /** storage account */
  account_name: string;
  /** kind of Azure storage */
  service_type: "file-share";
  /** file share */
  share_name: string;
  /** shared access signature; secret */
  sas_token: string;
}

export interface ImageBossCredentialsInputUrl extends ImageBossCredentialsInputCommon {
  /** address that image paths are appended to */
  url: string;
}

/** Any part of it. The type may be left out. */
export type ImageBossSourceChanges =
  | ImageBossSourceChangesS3
  | ImageBossSourceChangesGcs
  | ImageBossSourceChangesDos
  | ImageBossSourceChangesR2
  | ImageBossSourceChangesAkamai
  | ImageBossSourceChangesWasabi
  | ImageBossSourceChangesAzure
  | ImageBossSourceChangesUrl;

/** What goes with every type. */
export interface ImageBossSourceChangesCommon {
  /** name, and first segment of every address of its images */
  source?: string;
}

export interface ImageBossSourceChangesS3 extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "s3";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputS3>;
}

export interface ImageBossSourceChangesGcs extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "gcs";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputGcs>;
}

export interface ImageBossSourceChangesDos extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "dos";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputDos>;
}

export interface ImageBossSourceChangesR2 extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "r2";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputR2>;
}

export interface ImageBossSourceChangesAkamai extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "akamai";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputAkamai>;
}

export interface ImageBossSourceChangesWasabi extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "wasabi";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputWasabi>;
}

export interface ImageBossSourceChangesAzure extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "azure";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputAzureBlob | ImageBossCredentialsInputAzureFileShare>;
}

export interface ImageBossSourceChangesUrl extends ImageBossSourceChangesCommon {
  /** kind of storage */
  source_type?: "url";
  /** how ImageBoss reaches the storage */
  credential_attributes?: Partial<ImageBossCredentialsInputUrl>;
}

/** What the client of the imgix Management API takes. */
export type ImgixOptions = ClientOptions & Access;

/** What the client of the ImageBoss Sources API takes. */
export type ImageBossOptions = ClientOptions & Access & {
  /** another address of the image host; default `"https://img.imageboss.me"` */
  imageBaseUrl?: string;
};

/** The account's key, or a gateway that holds it. */
export type Access =
  /** the account's key */
  | { apiKey: string; gateway?: undefined }
  /** a gateway that holds the key */
  | { gateway: GatewayAccess; apiKey?: undefined };

/** What every client takes. */
export interface ClientOptions {
  /** another address of the API: a sandbox, a test server */
  baseUrl?: string;
  /** any function of the shape of `fetch`; called with address and init */
  fetch?: typeof globalThis.fetch;
  /** further headers; cannot replace our own */
  headers?: Record<string, string>;
  /** one attempt, in milliseconds; above 0, at most 86400000; default `30000` */
  timeoutMs?: number;
  /** the whole call, in milliseconds; above 0, at most 86400000; default `120000` */
  deadlineMs?: number;
  /** further attempts after a failure that may pass; 0 to 10; default `2` */
  retries?: number;
  /** limits by rate class; `null` for none */
  limits?: Partial<Record<RateClass, RateLimit | null>>;
  /** counts requests for several clients together */
  limiter?: Limiter;
  /** what to do about attributes of another type than declared; default `"warn"` */
  responseCheck?: "warn" | "error" | "off";
  /** called with every `ClientEvent` */
  onEvent?: (event: ClientEvent) => void;
}

export interface GatewayAccess {
  /** address of the gateway, absolute or from the root of the page's host */
  url: string;
  /** as in `fetch` */
  credentials?: "omit" | "same-origin" | "include";
  /** bearer token for the gateway, or a function that gives one */
  token?: string | (() => string | Promise<string>);
}

export interface RateLimit {
  /** so many requests; 1 to 10000 */
  requests: number;
  /** in so many milliseconds; 1 to 86400000 */
  perMs: number;
}

export interface ReadOptions {
  /** ends the call at once when it aborts */
  signal?: AbortSignal;
  /** one attempt, in milliseconds; above 0, at most 86400000 */
  timeoutMs?: number;
  /** the whole call, in milliseconds; above 0, at most 86400000 */
  deadlineMs?: number;
  /** further attempts after a failure that may pass; 0 to 10 */
  retries?: number;
}

export interface ImgixListOptions extends ReadOptions {
  /** by attribute, such as `{ "deployment.type": "s3" }`; several are joined by AND */
  filter?: Record<string, string | number | boolean>;
  /** attributes; a minus before one sorts downwards */
  sort?: readonly string[];
  /** attributes to give; a dot goes deeper */
  fields?: readonly string[];
  /** fetch the next page while this one is used */
  prefetch?: boolean;
}

/**
 * Which sources. Filters: `name`, `enabled`, and below `deployment.`: `type`, `imgix_subdomains`, `custom_domains`,
 * `s3_bucket`, `gcs_bucket`, `azure_bucket`, `bucket_name`, `region`, `storage_provider`, `webfolder_base_url`. Sorts:
 * `date_deployed`, `enabled`, `name`.
 */
export interface ImgixSourcesQuery extends ImgixListOptions {
  /** which page */
  page?: PageNumber;
}

export interface PageNumber {
  /** counted from 0 */
  number?: number;
  /** items on a page; 1 to 100000 */
  size?: number;
}

export interface CallOptions extends ReadOptions {
  /** dotted path to value, put into the body unchecked: the way to send an attribute that is not declared */
  extra?: Record<string, JsonValue>;
}

export interface ImgixSourceUpdateOptions extends CallOptions {
  /** send `deployment` as it is, without merging it with the stored one */
  replaceDeployment?: boolean;
}

export interface ImgixSourceWaitOptions extends ReadOptions {
  /** pause between two looks, in milliseconds; above 0, at most 86400000; default `5000` */
  intervalMs?: number;
}

/**
 * Which assets. Filters: `categories`, `colors`, `custom:<key>`, `face_count`, `has_frames`, `keyword`, `media_kind`,
 * `origin_path`, `tags`; `or:` before one joins by OR. Sorts: `date_created`, `date_modified`, `file_size`.
 */
export interface ImgixAssetsQuery extends ImgixListOptions {
  /** which page */
  page?: PageCursor;
}

export interface PageCursor {
  /** where the page begins; opaque */
  cursor?: string;
  /** items on a page */
  limit?: number;
}

export interface ImgixAssetUpdateOptions extends CallOptions {
  /** complete `categories` and `custom_fields` by what is stored, instead of replacing it; reads the asset first */
  merge?: boolean;
}

export interface ImgixUploadOptions extends ReadOptions {
  /** media type; that of the `Blob`, else `application/octet-stream`, if left out */
  contentType?: string;
  /** replace what is there; needs the permission Asset Purge too */
  overwrite?: boolean;
  /** told how many bytes have left */
  onProgress?: (progress: { sent: number; total?: number }) => void;
  /** one request, or a session whose bytes go straight to the storage; `auto` decides by size; default `"auto"` */
  method?: "auto" | "simple" | "session";
}

export interface ImgixUploadSessionOptions extends ReadOptions {
  /** media type; the bytes must be sent with the same */
  contentType?: string;
}

export interface ImgixUploadSessionWaitOptions extends ReadOptions {
  /** pause between two looks, in milliseconds; above 0, at most 86400000; default `2000` */
  intervalMs?: number;
}

export interface ImgixPurgeOptions extends ReadOptions {
  /** is it used within other images? they are purged as well; needs `sourceId` */
  subImage?: boolean;
  /** the source of a sub-image */
  sourceId?: string;
}

/**
 * Which reports. Filters: `completed`, `report_type`. Sorts: `period_end`, `period_start`, `report_key`, `report_type`.
 */
export interface ImgixReportsQuery extends ImgixListOptions {
  /** which page */
  page?: PageNumber;
}

export type Provider = "imgix" | "imageboss";

/** What limits are counted by. */
export type RateClass =
  | "default"
  | "sources.create"
  | "sources.update"
  | "assets.get"
  | "assets.refresh"
  | "assets.upload"
  | "purge"
  | "imageboss"
  | "imageboss.purge";

/** Counts requests for several clients together, over isolates or processes. */
export interface Limiter {
  /** Takes the next free slot of a class; gives the milliseconds until then. */
  reserve(account: string, rateClass: string, limit: { requests: number; perMs: number }, call?: LimitedCall): number | Promise<number>;
  /** Gives back the slot that was taken with the same `call`, or else the one taken last: it is not needed after all. */
  release?(account: string, rateClass: string, call?: LimitedCall): unknown;
  /** The provider answered 429: nothing of this class may leave for so many milliseconds. */
  close?(account: string, rateClass: string, ms: number): unknown;
}

/** What a limiter is told of who asks. */
export interface LimitedCall {
  /** Does the call change nothing? */
  reads: boolean;
  /** Nobody waits longer for a slot. */
  deadlineMs: number;
}

/** What `onEvent` is told while a call runs. Secrets are masked. */
export type ClientEvent = {
  /** The same for all events of one call. */
  call: number;
  provider: Provider;
  /** The name of the operation, such as `sources.get`. */
  operation: string;
  /** Milliseconds since 1970. */
  at: number;
} & (
  /** A request leaves. */
  | { type: "request"; attempt: number; method: string; url: string }
  /** An answer has come. */
  | { type: "response"; attempt: number; status: number; ms: number; requestId?: string }
  /** The call waits for a slot of its rate class. */
  | { type: "wait"; rateClass: RateClass; ms: number }
  /** The request will be sent again. */
  | { type: "retry"; attempt: number; afterMs: number; because: string }
  /** Something in the input is suspicious; it is sent all the same. */
  | { type: "warning"; problems: Problem[] }
  /** A value in an answer is not of the declared type. */
  | { type: "drift"; path: string; expected: string; found: string }
  /** The call is over. An aborted or failed write may have happened all the same. */
  | { type: "end"; outcome: "ok" | "failed" | "aborted"; mayHaveHappened: boolean; attempts: number; ms: number }
);

/** A request as it would be sent, with its secrets masked. */
export interface PreparedRequest {
  /** The name of the operation, such as `sources.get`. */
  operation: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** Something wrong with an input, or something the provider said about a field of it. */
export interface Problem {
  /** Dotted path in the input, or the name of an option; empty for the whole call. */
  field: string;
  code: ProblemCode;
  /** What is wrong and what to do: lower case, fit to stand beside a form field. */
  message: string;
  /** Errors are refused, warnings are sent all the same. */
  level: "error" | "warning";
}

export type ProblemCode =
  /** a required value is missing */
  | "required"
  /** no field or option of this name is known */
  | "unknown"
  /** the value is of the wrong kind */
  | "type"
  /** the value is outside the allowed range or not a whole number */
  | "range"
  /** the value is not one of the allowed ones */
  | "value"
  /** the value can certainly not be right */
  | "format"
  /** the value is probably a mistake; sent all the same */
  | "suspicious"
  /** the redaction mask `****` was given in place of a secret */
  | "masked"
  /** this field is set by the provider and cannot be written */
  | "read-only"
  /** this field can only be given when something is created */
  | "not-updatable"
  /** the field does not go with the chosen type */
  | "mismatch"
  /** nothing to change was given */
  | "empty"
  /** the same thing exists already */
  | "taken"
  /** a write-only value is missing from what replaces the stored object */
  | "write-only"
  /** the provider refused, in its own words */
  | "declined"
  /** the provider failed */
  | "server"
  /** the provider's answer cannot be read */
  | "unreadable"
  /** the provider pointed somewhere else; redirects are never followed */
  | "redirect"
  /** something is larger or deeper than the cap */
  | "too-large"
  /** the provider gave the same page cursor twice */
  | "repeated-cursor"
  /** the answer to a creation got lost, and what it created was found */
  | "recovered"
  /** too many calls in the window of a rate class */
  | "rate-limited"
  /** no answer arrived */
  | "network"
  /** time ran out */
  | "timeout"
  /** an answer does not have the type that is declared */
  | "drift"
  /** our own failure */
  | "internal";

/**
 * What every failed call rejects with, unless it was aborted: then it rejects with the signal's reason. Any call may meet
 * {@link AuthenticationError}, {@link PermissionError}, {@link RateLimitError}, {@link ServerError},
 * {@link UnreadableResponseError}, {@link NetworkError}, {@link TimeoutError} and {@link InternalError}.
 */
export class ImageSourcesError extends Error {
  /** Made by this package only. */
  protected constructor(message: string);
  /** Who must act: the caller, the provider, the network, or this package. */
  readonly kind: "invalid" | "declined" | "rate-limited" | "server" | "unreadable" | "network" | "timeout" | "internal";
  readonly provider?: Provider;
  /** The name of the operation, such as `sources.get`; absent for constructors and functions. */
  readonly operation?: string;
  /** Never empty. */
  readonly problems: Problem[];
  /** How often the operation's own request was tried. */
  readonly attempts: number;
  /** May a request have left? */
  readonly sent: boolean;
  /** `none`: nothing was changed. `declined`: the provider said no. `unknown`: a write may have happened. */
  readonly outcome: "none" | "declined" | "unknown";
  /** Status of the answer. */
  readonly status?: number;
  /** What the provider's support can look up. */
  readonly requestId?: string;
  /** Milliseconds until it is worth trying again. */
  readonly retryAfterMs?: number;
  /** At most 8 KiB of the answer's body, without secrets. */
  readonly bodyText?: string;
  readonly cause?: unknown;
}

/** Nothing was sent: the input is wrong; `problems` holds every mistake. */
export class InvalidInputError extends ImageSourcesError {
  readonly name: "InvalidInputError";
  readonly kind: "invalid";
}

/** The provider answered 401. */
export class AuthenticationError extends ImageSourcesError {
  readonly name: "AuthenticationError";
  readonly kind: "declined";
}

/** The provider answered 403. */
export class PermissionError extends ImageSourcesError {
  readonly name: "PermissionError";
  readonly kind: "declined";
}

/** The provider answered 404. */
export class NotFoundError extends ImageSourcesError {
  readonly name: "NotFoundError";
  readonly kind: "declined";
}

/** The provider answered 409. */
export class ConflictError extends ImageSourcesError {
  readonly name: "ConflictError";
  readonly kind: "declined";
}

/** The provider answered another 4xx. */
export class DeclinedError extends ImageSourcesError {
  readonly name: "DeclinedError";
  readonly kind: "declined";
}

/** The provider answered 429, or the next free slot lies beyond the deadline. */
export class RateLimitError extends ImageSourcesError {
  readonly name: "RateLimitError";
  readonly kind: "rate-limited";
}

/** The provider answered 5xx. */
export class ServerError extends ImageSourcesError {
  readonly name: "ServerError";
  readonly kind: "server";
}

/** An answer that cannot be read, is too large, or is a redirect. */
export class UnreadableResponseError extends ImageSourcesError {
  readonly name: "UnreadableResponseError";
  readonly kind: "unreadable";
}

/** No answer, or one that was cut off. */
export class NetworkError extends ImageSourcesError {
  readonly name: "NetworkError";
  readonly kind: "network";
}

/** Time ran out. */
export class TimeoutError extends ImageSourcesError {
  readonly name: "TimeoutError";
  readonly kind: "timeout";
}

/** Our own failure. */
export class InternalError extends ImageSourcesError {
  readonly name: "InternalError";
  readonly kind: "internal";
}

/** Is it an error of this package, whichever copy of the package made it? */
export function isImageSourcesError(value: unknown): value is ImageSourcesError;

/**
 * Every problem of a source, found without sending anything. When `updating`, nothing is required, and the type may be
 * named to judge the rest.
 */
export function checkSource(provider: Provider, input: unknown, options?: { updating?: boolean }): Problem[];

/** The form for a new source, as the checks see it. */
export function sourceForm(provider: Provider): SourceForm;

/** A form for a new source. */
export interface SourceForm {
  provider: Provider;
  /** The API's own name. */
  title: string;
  /** The page that documents it. */
  docs: string;
  fields: FormField[];
}

/** One field of a form. What is absent is false, empty or unknown. */
export interface FormField {
  name: string;
  /** Dotted path in the input. */
  path: string;
  /** `flag` is a boolean that is sent as a string; `strings` a list of strings; `map` an object of plain values. */
  kind: "string" | "boolean" | "flag" | "integer" | "number" | "strings" | "map" | "object" | "any";
  required?: boolean;
  /** Can it be given on creation? */
  createable?: boolean;
  /** Can it be given in changes? */
  updatable?: boolean;
  /** Must it never be printed? */
  secret?: boolean;
  /** May it be `null`? */
  nullable?: boolean;
  /** The types it goes with; all if absent. */
  only?: string[];
  /** It goes with the others only if this field beside it has this value. */
  when?: { field: string; value: string };
  /** The known values. */
  values?: string[];
  /** Those of them that are known for a type, where types differ. */
  valuesByType?: Record<string, string[]>;
  /** Are other values taken as well? */
  open?: boolean;
  min?: number;
  max?: number;
  /** What the provider takes if nothing is given. */
  default?: JsonValue;
  /** The only value it can have for a type. */
  demanded?: { type: string; value: JsonValue }[];
  /** What it is, in a few words. */
  help?: string;
  /** For an object: the path of the field that decides which of its fields go with it. */
  decidedBy?: string;
  /** For an object: its fields. */
  fields?: FormField[];
}

/** Everything that clients can do. */
export function operations(): OperationInfo[];

/** One operation of an API. */
export interface OperationInfo {
  provider: Provider;
  /** Where the method is, such as `sources.get`. */
  name: string;
  method: string;
  /** The management API, or the host that serves images. */
  host: "api" | "images";
  /** Path below the base URL, with parameters in braces; `+` marks one that may hold slashes. */
  path: string;
  /** The first arguments of the method: strings that go into the path, or into the body where it has no place for them. */
  parameters: string[];
  /** What the method takes after them: nothing, attributes, or bytes. */
  input: "none" | "json" | "bytes";
  /** One thing, one or `null`, a list, whether something is queued, or nothing that matters. */
  answer: "one" | "maybe" | "list" | "receipt" | "nothing";
  /** The permission that the key needs. */
  permission: string;
  rateClass: RateClass;
  /** Does doing it twice leave the same as doing it once? */
  idempotent: boolean;
  /** `safe`: sent again after failures that may pass. `unsent`: only if certainly nothing has happened. */
  retry: "safe" | "unsent";
  /** Is it asked again and again until something has happened? Then it has no dry run. */
  several?: boolean;
  /** Options that are sent as query parameters of the same name, apart from those of lists. */
  query?: string[];
  help: string;
}

/** One row for each source, in terms that are common to all providers. */
export function inventory(
  imgixSources?: readonly ImgixSource[],
  imageBossSources?: readonly ImageBossSource[],
): InventoryRow[];

/** A source in terms that are common to all providers. */
export interface InventoryRow {
  provider: Provider;
  id?: string;
  /** What people call it. */
  name?: string;
  /** The provider's own type. */
  type?: string;
  /** Bucket, container, share or base address. */
  location?: string;
  /** Hosts or address prefixes under which its images are served. */
  hosts: string[];
  /** Absent where the provider has no such switch. */
  enabled?: boolean;
  /** The provider's own status. */
  status?: string;
  /** Must addresses be signed? */
  secured?: boolean;
  /** Milliseconds since 1970 of the last change that is known. */
  changedAt?: number;
}

/**
 * Holds a document of the sources that are wanted against those that are live, without sending anything. Entries are matched
 * by their `id`, or else by their name; what they do not name stays as it is. A provider that `current` leaves out is one of
 * which nothing is known. Throws {@link InvalidInputError} if the document as a whole cannot be understood; what is wrong with
 * one entry makes that one impossible.
 */
export function plan(document: SetupDocument, current: SetupSources): SetupPlan;

/**
 * A document of what is live, without secrets and without what the providers set themselves; its {@link plan} is empty. With
 * `ids: false` its entries are matched by name, as in another account.
 */
export function exportSetup(current: SetupSources, options?: { ids?: boolean }): SetupDocument;

/** The sources that are live at each provider, as they are read. */
export interface SetupSources {
  imgix?: readonly ImgixSource[];
  imageboss?: readonly ImageBossSource[];
}

/** The sources that are wanted at each provider. Plain JSON. */
export interface SetupDocument {
  version: 1;
  imgix?: readonly (ImgixSourceChanges & { id?: string })[];
  imageboss?: readonly (ImageBossSourceChanges & { id?: string; delete?: boolean })[];
}

/** What a document asks for, source by source. */
export interface SetupPlan {
  version: 1;
  /** not there yet */
  create: PlannedSource[];
  /** there, and different */
  change: PlannedSource[];
  /** there, and wanted gone: only what the document says */
  delete: PlannedSource[];
  /** as the document says */
  unchanged: PlannedSource[];
  /** there, and not in the document; stays as it is */
  unmanaged: PlannedSource[];
  /** cannot be as the document says */
  impossible: PlannedSource[];
}

/** What becomes of one source. */
export interface PlannedSource {
  provider: Provider;
  /** Its place in the document's list; absent for what the document does not describe. */
  index?: number;
  /** The id of the source that is live. */
  id?: string;
  /** What people call it. */
  name?: string;
  /** What differs, field by field. */
  changes: PlannedChange[];
  /** The calls that do it, one after the other. */
  steps: PlannedStep[];
  /** Why it is impossible, or what to know before it is done. Fields are paths in the document. */
  problems: Problem[];
}

/** One field that differs. */
export interface PlannedChange {
  /** Dotted path in the source. */
  path: string;
  /** The live value; absent if there is none, or if it is secret. Masked where it holds a password or the id of a key. */
  from?: JsonValue;
  /** The wanted value; absent if it is secret. Masked likewise. */
  to?: JsonValue;
  /** Is it never shown? What is stored of it is not known either, so it is sent whenever the document has it. */
  secret?: true;
}

/** One call, such as `client.sources.update(...arguments)`; several make the items of `client.bulk(operation, items)`. */
export interface PlannedStep {
  operation: string;
  /** Not enumerable, so neither printed nor copied by accident: it holds the secrets that the document holds. */
  arguments: [input: object] | [id: string] | [id: string, changes: object];
}

/**
 * The address of an image at imgix, signed with the source's token.
 *
 * @see https://docs.imgix.com/en-US/getting-started/setup/securing-assets
 */
export function signImgixUrl(image: ImgixUrl): string;

/** An address at imgix before it is signed. */
export interface ImgixUrl {
  /** Host of the source, such as `example.imgix.net`. */
  domain: string;
  /** Path of the image, not encoded yet; for a web proxy the full address of one. */
  path: string;
  /** Rendering parameters in this order; `null` is left out. */
  params?:
    | Record<string, string | number | boolean | null | undefined>
    | readonly (readonly [name: string, value: string | number | boolean | null | undefined])[];
  /** The source's `secure_url_token`; secret */
  token: string;
  /** From when on the address is refused, in unix seconds. */
  expires?: number;
  /** Is the path encoded already? */
  disablePathEncoding?: boolean;
}

/**
 * The address of an image at ImageBoss, signed if the source's secret is given.
 *
 * @see https://imageboss.me/docs/security
 */
export function imageBossUrl(image: ImageBossUrl): string;

/** An address at ImageBoss before it is built. */
export interface ImageBossUrl {
  /** Name of the source. */
  source: string;
  /** Path of the image below the source, not encoded yet. */
  path: string;
  /** What is done to the image; `width` and `cover` need a width, `height` and `cover` a height. */
  operation: "cdn" | "width" | "height" | "cover";
  /** Which part of the image `cover` keeps, such as `center`, `smart`, `face` or `north`. */
  mode?: string;
  /** In pixels. */
  width?: number;
  /** In pixels. */
  height?: number;
  /** Further options in this order, such as `{ format: "auto" }`. */
  options?: Record<string, string | number | boolean>;
  /** The source's `secret_token`; without it nothing is signed. Secret. */
  secret?: string;
}

/** A shell command for a prepared request, with variables in place of its secrets. */
export function toCurl(prepared: PreparedRequest): string;

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

export {};
