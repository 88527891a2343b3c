// The state of the screen: which source, what is loaded of it, what is chosen, and what is being done.
import type { ImgixAsset, ImgixSource } from "image-sources";
import { html } from "lit";
import type { App } from "../../app.js";
import { asking } from "../../model/asking.js";
import { failureOf, isAbort } from "../../model/failure.js";
import { Waits } from "../../model/waits.js";
import { plural } from "../../text/visible.js";
import type { Failure, Row } from "../../types.js";
import { addressOf, fileName, pathOf, type Picture, pictureOf, whyNoUpload } from "./asset.js";
import type { AssetDetails } from "./details.js";
import "./add-dialog.js";
import "./edit-dialog.js";
import type { Saving } from "./edit-dialog.js";
import type { AssetFilters } from "./filters.js";
import type { AssetGrid } from "./grid.js";
import { Loaded } from "./loaded.js";
import { watch } from "../../model/progress.js";
import { type Asked, FILTERS, queryOf, SEARCH } from "./query.js";
import { Run, type Target, type Work } from "./run.js";
import { keep, keptOf } from "./kept.js";
import { assertReadable, bySession, cancel, isLost, type Stage } from "./session.js";
import { type Send, Uploads } from "./uploads.js";

const KEYS = [SEARCH.key, ...FILTERS.map(({ key }) => key), "sort", "per"];

export class Assets {
  readonly app: App;
  readonly loaded: Loaded;
  readonly waits: Waits;
  /** Paths. */
  chosen: ReadonlySet<string> = new Set();
  runs: readonly Run[] = [];
  /** Counts what happens to the runs. */
  version = 0;
  /** The one that is open, as it was read last. */
  detail: { path: string; asset?: ImgixAsset; failure?: Failure; isMissing: boolean } | undefined;
  #question = "";
  #reading = new AbortController();
  /** By source: what is under way goes on while another one is looked at. */
  readonly #uploads = new Map<string, Uploads>();
  /** Sources whose panel for uploads is open. */
  readonly #open = new Set<string>();

  constructor(app: App) {
    this.app = app;
    this.waits = new Waits(app.log, () => app.draw());
    this.loaded = new Loaded(this.#client, () => app.draw());
    addEventListener("online", () => this.#online());
    // A sandbox in the page needs no connection.
    if (app.connection.kind !== "sandbox") addEventListener("offline", () => this.#uploads.forEach((uploads) => uploads.offline()));
    addEventListener("beforeunload", (event) => this.#isBusy && event.preventDefault());
  }

  /** Is something under way that ends with the page? */
  get #isBusy(): boolean {
    return this.runs.some(({ isOpen }) => isOpen) || [...this.#uploads.values()].some(({ running, waiting }) => running + waiting > 0);
  }

  get #client() {
    return this.app.connection.clients.imgix;
  }

  // What the address says

  get source(): string {
    return this.app.route.given["source"] ?? "";
  }

  get opened(): string {
    return this.app.route.given["asset"] ?? "";
  }

  get asked(): Asked {
    return Object.fromEntries(KEYS.map((key) => [key, this.app.route.given[key] ?? ""]));
  }

  get row(): Row | undefined {
    return this.app.store.row("imgix", this.source);
  }

  get sources(): Row[] {
    return this.app.store.half("imgix").rows;
  }

  /** Brings what is loaded to what the address says; called with every drawing. */
  sync(): void {
    const question = this.source && JSON.stringify([this.source, this.asked]);
    if (question !== this.#question) {
      const isOther = !question || !this.#question || JSON.parse(this.#question)[0] !== this.source;
      this.#question = question;
      if (isOther) this.chosen = new Set();
      if (question) queueMicrotask(() => void this.loaded.of(this.source, queryOf(this.asked)));
      else this.loaded.stop();
    }
    if (this.opened !== (this.detail?.path ?? "")) {
      const path = this.opened;
      this.#reading.abort();
      this.detail = path ? { path, isMissing: false, ...this.#known(path) } : undefined;
      if (path && this.source) queueMicrotask(() => void this.#read(path));
    }
  }

  /** The network is back: what could not be loaded is tried again. */
  #online(): void {
    const count = [...this.#uploads.values()].reduce((sum, uploads) => sum + uploads.online(), 0);
    if (count > 0) this.app.say(`The connection is back: ${plural(count, "upload goes", "uploads go")} on`);
    if (this.app.route.view !== "assets") return;
    if (this.loaded.failure) void this.loaded.retry();
    if (this.detail?.failure) void this.#read(this.detail.path);
  }

  leave(): void {
    this.#reading.abort();
    this.loaded.stop();
    this.#question = "";
    this.detail = undefined;
  }

  #known(path: string): { asset?: ImgixAsset } {
    const asset = this.loaded.find(path);
    return asset ? { asset } : {};
  }

  /** Lists may be older, and their attributes fewer. */
  async #read(path: string): Promise<void> {
    const { signal } = (this.#reading = new AbortController());
    try {
      this.#put(await this.#client.assets.get(this.source, path, { signal }));
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown) || this.detail?.path !== path) return;
      const failure = failureOf(thrown);
      if (isNotPassed(thrown)) this.detail = { ...this.detail, failure: { ...failure, ...NOT_PASSED } };
      else this.detail = failure.status === 404 ? { path, isMissing: true } : { ...this.detail, failure };
      this.app.draw();
    }
  }

  #put(asset: ImgixAsset): void {
    const path = pathOf(asset);
    if (this.detail?.path === path) this.detail = { path, isMissing: false, asset: { ...this.detail.asset, ...asset } };
    if (this.loaded.find(path)) this.loaded.put(asset);
    else this.app.draw();
  }

  readonly reload = (): void => {
    this.#question = "";
    this.app.draw();
  };

  // What is looked at

  readonly picture = (asset: ImgixAsset): Picture => pictureOf(asset, this.row);
  readonly load = (address: string, signal: AbortSignal): Promise<string> => this.app.connection.picture("imgix", address, signal);

  readonly addressOf = (path: string): string | undefined => {
    const host = this.row?.hosts[0];
    return host === undefined ? undefined : addressOf(host, path);
  };

  get whyNoUpload(): string {
    const source = this.app.store.source("imgix", this.source) as ImgixSource | undefined;
    return source ? whyNoUpload(source) : "";
  }

  readonly chooseSource = (source: string): void => this.app.go({ source }, { view: "assets" });
  readonly ask = (part: Asked, isTyping: boolean): void => this.app.go(part, { isTyping });
  readonly hrefOf = (path: string): string => this.app.href({ asset: path });

  readonly open = async (path: string): Promise<void> => {
    this.app.go({ asset: path });
    await this.app.drawn();
    this.#find<AssetDetails>("asset-details")?.focusHeading();
  };

  readonly close = async (): Promise<void> => {
    const path = this.opened;
    if (!path) return;
    this.app.go({ asset: "" });
    await this.app.drawn();
    if (!(await this.#find<AssetGrid>("asset-grid")?.focusTile(path))) this.focusSearch();
  };

  readonly focusSearch = (): void => this.#find<AssetFilters>("asset-filters")?.focusSearch();
  readonly focusGrid = (): void => void this.#find<AssetGrid>("asset-grid")?.focusTile();

  #find<Widget extends Element>(name: string): Widget | null {
    return document.querySelector<Widget>(name);
  }

  // What is chosen

  readonly choose = (paths: readonly string[], on: boolean): void => {
    const chosen = new Set(this.chosen);
    for (const path of paths) if (on) chosen.add(path);
      else chosen.delete(path);
    this.chosen = chosen;
    this.app.draw();
  };

  readonly chooseAll = (): void => this.choose(this.loaded.items.map(pathOf), true);
  readonly chooseNone = (): void => {
    this.chosen = new Set();
    this.app.draw();
  };

  // What is done

  readonly purge = (paths: readonly string[]): Promise<void> => {
    const targets = paths.flatMap((path) => this.addressOf(path) ?? []).map((item, at): Target => ({ path: paths[at]!, item }));
    const remark = (value: unknown) => ((value as { alreadyQueued?: boolean } | undefined)?.alreadyQueued ? "was purged a moment ago as well" : "");
    return this.#begin({ title: "Purge", operation: "purge", targets, remark, begin: (items, options) => this.#client.purgeAll(items as string[], options) });
  };

  readonly refresh = (paths: readonly string[]): Promise<void> => {
    const { source } = this;
    const targets = paths.map((path): Target => ({ path, item: [source, path] }));
    return this.#begin({ title: "Refresh", operation: "assets.refresh", targets, begin: (items, options) => this.#client.assets.refreshAll(items as [string, string][], options) });
  };

  readonly again = (run: Run): Promise<void> => {
    const targets = run.left();
    this.closeRun(run);
    return this.#begin({ ...run.work, targets });
  };

  async #begin(work: Work): Promise<void> {
    if (work.targets.length === 0 || !(await this.app.mayWrite("imgix"))) return;
    const run = new Run(work, this.#ran);
    this.runs = [run, ...this.runs];
    this.app.draw();
    await this.app.drawn();
    this.#find<HTMLElement>("run-panel")?.focus();
  }

  readonly #ran = (run: Run): void => {
    this.version += 1;
    this.app.draw();
    if (run.state !== "over") return;
    const { ok } = run.progress;
    this.app.say(`${run.work.title}: ${ok} of ${plural(run.work.targets.length, "asset")} done`);
    // What was refreshed may look different now.
    if (this.detail?.asset && run.work.operation === "assets.refresh") void this.#read(this.detail.path);
  };

  readonly closeRun = (run: Run): void => {
    this.runs = this.runs.filter((one) => one !== run);
    this.app.draw();
    void this.app.drawn().then(this.focus);
  };

  /** The focus has lost its place. */
  readonly focus = (): void => {
    if (document.activeElement && document.activeElement !== document.body) return;
    if (this.opened) this.#find<AssetDetails>("asset-details")?.focusHeading();
    else if (this.loaded.items.length > 0) this.focusGrid();
    else this.focusSearch();
  };

  readonly edit = async (): Promise<void> => {
    const { asset, path } = this.detail ?? {};
    const { source, app } = this;
    if (!asset || path === undefined) return;
    const save = async ({ changes, merge }: Saving) => {
      if (!(await app.mayWrite("imgix"))) return undefined;
      const saved = await this.#client.assets.update(source, path, changes, { merge });
      if (source === this.source) this.#put(saved);
      app.say(`${fileName(path)} is changed`);
      return saved;
    };
    const prepare = ({ changes }: Saving) => this.#client.dryRun.assets.update(source, path, changes);
    await asking(app, save, (save) => html`<asset-edit .asset=${asset} .save=${save} .prepare=${prepare}></asset-edit>`);
  };

  readonly add = async (): Promise<void> => {
    const { source, app } = this;
    if (!source) return;
    let added: string | undefined;
    const add = async (path: string) => {
      if (!(await app.mayWrite("imgix"))) return false;
      await this.#client.assets.add(source, path);
      added = path;
      app.say(`${fileName(path)} is added; it takes a while until all is known of it`);
      void this.#uploaded(source, path);
      return true;
    };
    await asking(app, add, (add) => html`<asset-add .add=${add} .prepare=${(path: string) => this.#client.dryRun.assets.add(source, path)}></asset-add>`);
    if (added !== undefined) void this.open(added);
  };

  // Uploads

  get uploads(): Uploads {
    const { source } = this;
    let uploads = this.#uploads.get(source);
    if (!uploads) this.#uploads.set(source, (uploads = this.#newUploads(source)));
    return uploads;
  }

  get isUploadOpen(): boolean {
    return this.#open.has(this.source);
  }

  /** Uploads to other sources that are under way or want somebody. */
  get elsewhere(): { source: string; name: string; running: number; broken: number }[] {
    return [...this.#uploads].flatMap(([source, { running, broken }]) =>
      source === this.source || running + broken === 0 ? [] : [{ source, name: this.app.store.row("imgix", source)?.name ?? source, running, broken }],
    );
  }

  #newUploads(source: string): Uploads {
    const { account } = this.app.connection;
    const uploads = new Uploads(
      this.#sender(source),
      () => this.app.draw(),
      ({ path }) => void this.#uploaded(source, path),
      (done) => this.app.say(`${plural(done, "file")} uploaded`),
      {
        cancel: ({ id }) => cancel(this.#client, source, id),
        keep: (list) => account !== undefined && keep([account, source], list),
        // A sandbox in the page needs no connection.
        isOnline: () => this.app.connection.kind === "sandbox" || navigator.onLine,
      },
    );
    if (account !== undefined) void keptOf([account, source]).then((kept) => uploads.restore(kept));
    return uploads;
  }

  /** Files that are too large for one request go by a session; the package knows which ones are. */
  #sender(source: string): Send {
    return async ({ path, file: given, overwrite, contentType, step, session }, signal, tell) => {
      const client = this.#client;
      const file = given instanceof File ? given : undefined;
      const options = { overwrite, ...(contentType && { contentType }) };
      if (file) watch(file, tell);
      const needsBytes = step !== "close" && step !== "wait";
      if (file && needsBytes) await assertReadable(file);
      const first = file && (await client.dryRun.assets.upload(source, path, file, options));
      const type = first?.headers["content-type"] ?? "";
      const told = (stage: Stage): void => {
        tell(stage);
        if (stage.note) this.app.say(`${fileName(path)}: ${stage.note}`);
      };
      try {
        if (file && first?.operation === "assets.upload") return await client.assets.upload(source, path, file, { signal, ...options });
        return await bySession({ client, source, path, file, type, signal, tell: told }, { step: step ?? "open", session });
      } catch (thrown) {
        if (file && isLost(thrown)) await assertReadable(file);
        throw thrown;
      }
    };
  }

  readonly openUpload = (files: Iterable<File> = []): void => {
    if (!this.source) return;
    this.#open.add(this.source);
    if (!this.whyNoUpload) this.uploads.add(files);
    this.app.draw();
  };

  readonly closeUpload = async (): Promise<void> => {
    const { source, uploads } = this;
    const open = uploads.list.filter(({ session }) => session);
    if (open.length > 0 && !((await this.#mayGiveUp(open.length)) && (await this.app.mayWrite("imgix")))) return;
    // What waited for the connection may have gone on meanwhile.
    if (uploads.running > 0) return;
    this.#open.delete(source);
    uploads.close();
    this.app.draw();
    await this.app.drawn();
    this.#find<HTMLElement>("[data-action=open-upload]")?.focus();
  };

  readonly showUploads = (source: string): void => {
    this.#open.add(source);
    this.chooseSource(source);
  };

  #mayGiveUp(count: number): Promise<boolean | undefined> {
    const lines = [`${plural(count, "upload")} of large files ${count === 1 ? "is" : "are"} not finished. Closing gives up what has arrived of ${count === 1 ? "it" : "them"}.`];
    return this.app.ask<boolean>(
      (close) => html`<confirm-dialog .heading=${"Give up what is not finished?"} .name=${this.row?.name ?? this.source} .provider=${"imgix"} .mode=${this.app.connection.modes.imgix} .lines=${lines} .action=${"Give up and close"} @confirmed=${() => close(true)}></confirm-dialog>`,
      () => import("../../widgets/confirm-dialog.js"),
    );
  }

  /** To cancel a session is a change, too. */
  readonly uploadEnd = async (id: number, isRemoved: boolean): Promise<void> => {
    const { uploads } = this;
    if (uploads.list.some((one) => one.id === id && one.session) && !(await this.app.mayWrite("imgix"))) return;
    if (isRemoved) uploads.remove(id);
    else uploads.giveUp(id);
  };

  readonly upload = async (): Promise<void> => {
    if (this.uploads.ready.length === 0 || !(await this.app.mayWrite("imgix"))) return;
    this.uploads.start();
  };

  readonly uploadAgain = async (id: number, overwrite?: boolean): Promise<void> => {
    if (await this.app.mayWrite("imgix")) this.uploads.retry(id, overwrite);
  };

  readonly uploadOn = async (id: number): Promise<void> => {
    if (await this.app.mayWrite("imgix")) this.uploads.resume(id);
  };

  /** What is answered is short; what it has become is read. */
  async #uploaded(source: string, path: string): Promise<void> {
    const asset = await this.#client.assets.get(source, path).catch(() => undefined);
    if (asset && source === this.source) this.loaded.put(asset);
  }
}

/** A gateway refuses some paths by its own rule: nobody has looked whether there is such an asset. */
const isNotPassed = (thrown: unknown): boolean => (thrown as { bodyText?: string }).bodyText?.startsWith('{"code":"path"') === true;

const NOT_PASSED = {
  title: "Not asked for: the gateway does not pass this path",
  message: "It passes none that somebody could read as another path, such as one with a backslash.",
};
