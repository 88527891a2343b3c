// Assets, uploads, purges, reports, waiting.
import {
  ImageBoss,
  Imgix,
  type ImgixAsset,
  type ImgixAssetChanges,
  type ImgixReport,
  type ImgixSource,
  type ImgixUploadSession,
  type Listing,
  type Page,
  type PreparedRequest,
  type UploadBody,
} from "image-sources";

const imgix = new Imgix({ apiKey: "k" });
const boss = new ImageBoss({ apiKey: "k" });
const signal = new AbortController().signal;

async function assets() {
  imgix.assets.list("id") satisfies Listing<ImgixAsset>;
  const page = await imgix.assets.list("id", {
    filter: { media_kind: "IMAGE", "custom:sku": "1", has_frames: false },
    sort: ["-date_created"],
    fields: ["name"],
    page: { cursor: "2", limit: 100 },
    prefetch: true,
    signal,
  });
  page satisfies Page<ImgixAsset>;
  for await (const asset of imgix.assets.list("id")) asset.origin_path satisfies string | null | undefined;
  // @ts-expect-error assets have cursors, not numbers
  imgix.assets.list("id", { page: { number: 1 } });
  // @ts-expect-error the source is missing
  imgix.assets.list();

  (await imgix.assets.get("id", "a/b.jpg", { signal })) satisfies ImgixAsset;
  // @ts-expect-error the path is missing
  imgix.assets.get("id");
  // @ts-expect-error what is read sends no attributes
  imgix.assets.get("id", "a.jpg", { extra: {} });

  const changes: ImgixAssetChanges = { name: null, description: "d", categories: ["a"] as const, custom_fields: { sku: "1" } };
  (await imgix.assets.update("id", "a.jpg", changes, { merge: true, extra: { later: 1 } })) satisfies ImgixAsset;
  await imgix.assets.update("id", "a.jpg", { categories: null, custom_fields: null });
  // @ts-expect-error set by imgix
  imgix.assets.update("id", "a.jpg", { file_size: 1 });
  // @ts-expect-error values are strings
  imgix.assets.update("id", "a.jpg", { custom_fields: { sku: 1 } });
  // @ts-expect-error deployments are of sources
  imgix.assets.update("id", "a.jpg", changes, { replaceDeployment: true });

  (await imgix.assets.add("id", "a.jpg")) satisfies ImgixAsset | null;
  (await imgix.assets.refresh("id", "a.jpg", { retries: 0 })) satisfies ImgixAsset | null;
  // @ts-expect-error it may be nothing yet
  (await imgix.assets.add("id", "a.jpg")).id;
}

declare const asset: ImgixAsset;
asset.id satisfies string;
asset.tags?.["Arm"] satisfies number | undefined;
asset.colors?.dominant_colors?.["vibrant"] satisfies string | undefined;
asset.warning_adult satisfies number | null | undefined;
asset.media_kind === "something new";
// @ts-expect-error may be missing or null
asset.categories.length;
// @ts-expect-error no index signature
asset.nonsense;

async function uploads() {
  const bodies: UploadBody[] = [
    new Blob(["a"]),
    new ArrayBuffer(1),
    new Uint8Array(1),
    new DataView(new ArrayBuffer(1)),
    "text",
    new ReadableStream<Uint8Array>(),
    (async function* () {
      yield new Uint8Array(1);
    })(),
  ];
  (await imgix.assets.upload("id", "a.jpg", bodies[0]!, {
    contentType: "image/jpeg",
    overwrite: true,
    method: "session",
    onProgress({ sent, total }) {
      [sent, total ?? 0] satisfies number[];
    },
    timeoutMs: 1,
    signal,
  })) satisfies ImgixAsset | null;
  // @ts-expect-error bytes, no object
  imgix.assets.upload("id", "a.jpg", { a: 1 });
  // @ts-expect-error bytes, no list of numbers
  imgix.assets.upload("id", "a.jpg", [1, 2]);
  // @ts-expect-error no such way
  imgix.assets.upload("id", "a.jpg", "text", { method: "multipart" });
  // @ts-expect-error the body is missing
  imgix.assets.upload("id", "a.jpg");

  const session: ImgixUploadSession = await imgix.uploadSessions.create("id", "a.jpg", { contentType: "image/jpeg" });
  session.url satisfies string | null | undefined;
  (await imgix.uploadSessions.status("id", session.id)) satisfies ImgixUploadSession;
  (await imgix.uploadSessions.close("id", session.id)) satisfies ImgixUploadSession;
  (await imgix.uploadSessions.cancel("id", session.id)) satisfies ImgixUploadSession | null;
  (await imgix.uploadSessions.waitUntilComplete("id", session.id, { intervalMs: 500, deadlineMs: 1 })) satisfies ImgixUploadSession;
  // @ts-expect-error a step that is no method
  imgix.uploadSessions.put(session.url, "text");
  (await imgix.sources.waitUntilDeployed("id", { intervalMs: 1000, signal })) satisfies ImgixSource;
  // @ts-expect-error a pause is a number
  imgix.sources.waitUntilDeployed("id", { intervalMs: "1s" });
}

async function purges() {
  const receipt = await imgix.purge("https://e.imgix.net/a.jpg", { subImage: true, sourceId: "id", signal });
  receipt.alreadyQueued satisfies boolean;
  receipt.id satisfies string | undefined;
  (await boss.purge("shop", "a/b.jpg")) satisfies void;
  // @ts-expect-error ImageBoss purges by source and path
  boss.purge("https://img.imageboss.me/shop/a.jpg");
  // @ts-expect-error no such option
  imgix.purge("https://e.imgix.net/a.jpg", { sub_image: true });
  (await imgix.publish("https://e.imgix.net/a.jpg", "id")).publish_id satisfies string | null | undefined;
  (await imgix.unpublish("https://e.imgix.net/a.jpg", "id")).unpublish_id satisfies string | null | undefined;
  // @ts-expect-error the source is missing
  imgix.publish("https://e.imgix.net/a.jpg");
}

async function reports() {
  const { items, total } = await imgix.reports.list({ filter: { completed: true }, sort: ["-period_end"], page: { number: 0, size: 50 } });
  [items, total] satisfies [ImgixReport[], number | undefined];
  const report = await imgix.reports.get("id");
  report.files satisfies string[] | null | undefined;
  report.report_type === "something new";
  // @ts-expect-error reports have numbers, not cursors
  imgix.reports.list({ page: { cursor: "1" } });
  // @ts-expect-error reports are made by imgix
  imgix.reports.create({});
}

async function dry() {
  (await imgix.dryRun.assets.list("id", { page: { cursor: "1" } })) satisfies PreparedRequest;
  (await imgix.dryRun.assets.upload("id", "a.jpg", "text")) satisfies PreparedRequest;
  (await imgix.dryRun.uploadSessions.create("id", "a.jpg")) satisfies PreparedRequest;
  (await imgix.dryRun.purge("https://e.imgix.net/a.jpg")) satisfies PreparedRequest;
  (await boss.dryRun.purge("shop", "a.jpg")) satisfies PreparedRequest;
  (await imgix.dryRun.sources.get("id")) satisfies PreparedRequest;
  // @ts-expect-error several requests
  imgix.dryRun.sources.waitUntilDeployed("id");
  // @ts-expect-error several requests
  imgix.dryRun.uploadSessions.waitUntilComplete("id", "id");
  // @ts-expect-error a dry run has no dry run
  imgix.dryRun.dryRun;
}

export { assets, dry, purges, reports, uploads };
