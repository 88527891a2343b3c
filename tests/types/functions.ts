// Errors and functions that stand alone.
import {
  AuthenticationError, checkSource, ConflictError, DeclinedError, exportSetup, imageBossUrl, ImageSourcesError, InternalError, InvalidInputError, inventory,
  isImageSourcesError, NetworkError, NotFoundError, operations, PermissionError, plan, RateLimitError, ServerError, signImgixUrl, sourceForm, TimeoutError,
  toCurl, UnreadableResponseError,
} from "image-sources";
import type {
  ImageBossSource, ImgixSource, InventoryRow, OperationInfo, PlannedSource, PreparedRequest, Problem, ProblemCode, Provider, RateClass, SetupDocument, SetupPlan,
  SetupSources, SourceForm,
} from "image-sources";

declare const caught: unknown;

if (isImageSourcesError(caught)) {
  caught.problems[0]?.code satisfies ProblemCode | undefined;
  caught.outcome satisfies "none" | "declined" | "unknown";
  caught.retryAfterMs satisfies number | undefined;
  caught.provider satisfies Provider | undefined;
  // @ts-expect-error errors are read only
  caught.sent = false;
}
// @ts-expect-error not known to be ours
caught.problems;

// Classes stay apart although their members are alike.
if (caught instanceof NotFoundError) caught.kind satisfies "declined";
else if (caught instanceof ConflictError) caught.name satisfies "ConflictError";
else if (caught instanceof ImageSourcesError && caught.kind === "rate-limited") caught.message satisfies string;

for (const type of [
  AuthenticationError, ConflictError, DeclinedError, InternalError, InvalidInputError, NetworkError, NotFoundError, PermissionError,
  RateLimitError, ServerError, TimeoutError, UnreadableResponseError,
])
  type.prototype satisfies ImageSourcesError;
// @ts-expect-error errors come from this package only
new NotFoundError("not found");
// @ts-expect-error one kind is not another
(null as unknown as NotFoundError) satisfies ConflictError;
// @ts-expect-error no such kind
(null as unknown as TimeoutError).kind === "network";

checkSource("imgix", { anything: 1 }, { updating: true }) satisfies Problem[];
// @ts-expect-error no such provider
checkSource("cloudinary", {});
// @ts-expect-error no such option
checkSource("imgix", {}, { update: true });

const form: SourceForm = sourceForm("imageboss");
form.fields[0]?.fields?.[0]?.demanded?.[0]?.value;
form.fields.filter((field) => field.kind === "object" && field.decidedBy === "source_type");
// @ts-expect-error no such kind
form.fields[0]?.kind === "date";

operations().map((row) => `${row.method} ${row.path}`) satisfies string[];
operations().find((row) => row.retry === "unsent") satisfies OperationInfo | undefined;
operations().filter((row) => row.several && row.input === "none" && row.answer !== "receipt" && row.host === "api");
// @ts-expect-error no such sort of input
operations().find((row) => row.input === true);
("imageboss.purge" satisfies RateClass) satisfies string;

declare const read: { imgix: ImgixSource[]; boss: readonly ImageBossSource[] };
inventory(read.imgix, read.boss) satisfies InventoryRow[];
inventory() satisfies InventoryRow[];
// @ts-expect-error in this order
inventory(read.boss, read.imgix);

declare const prepared: PreparedRequest;
toCurl(prepared) satisfies string;
// @ts-expect-error not a prepared request
toCurl({ url: "https://e" });

// Addresses.
signImgixUrl({ domain: "e.imgix.net", path: "/a.jpg", token: "t" }) satisfies string;
signImgixUrl({ domain: "e.imgix.net", path: "/a.jpg", token: "t", params: { w: 400, auto: "format", mark: null }, expires: 1, disablePathEncoding: true });
signImgixUrl({ domain: "e.imgix.net", path: "/a.jpg", token: "t", params: [["w", 400], ["txt", "a"]] as const });
// @ts-expect-error nothing is signed without a token
signImgixUrl({ domain: "e.imgix.net", path: "/a.jpg" });
// @ts-expect-error no such option
signImgixUrl({ domain: "e.imgix.net", path: "/a.jpg", token: "t", parameters: {} });
// @ts-expect-error a parameter is one value
signImgixUrl({ domain: "e.imgix.net", path: "/a.jpg", token: "t", params: { w: { x: 1 } } });
imageBossUrl({ source: "shop", path: "a.jpg", operation: "cover", mode: "face", width: 1, height: 1, options: { blur: 2 }, secret: "s" }) satisfies string;
imageBossUrl({ source: "shop", path: "a.jpg", operation: "cdn" });
// @ts-expect-error no such operation
imageBossUrl({ source: "shop", path: "a.jpg", operation: "crop" });
// @ts-expect-error what is done to it must be said
imageBossUrl({ source: "shop", path: "a.jpg" });

// Plans of whole set-ups.
declare const live: SetupSources;
const wanted: SetupDocument = {
  version: 1,
  imgix: [{ id: "a", name: "Shop", enabled: false, deployment: { type: "s3", s3_bucket: "photos" } }, { name: "Other", deployment: { cache_ttl_value: 60 } }],
  imageboss: [{ source: "a", source_type: "url", credential_attributes: { url: "https://a.example" } }, { source: "b", delete: true }],
};
plan(wanted, live) satisfies SetupPlan;
plan(exportSetup(live, { ids: false }), { imgix: [{ id: "a", type: "sources" }] });
for (const { provider, changes, steps, problems } of plan(wanted, live).impossible satisfies PlannedSource[]) {
  provider satisfies Provider;
  problems[0]?.code satisfies ProblemCode | undefined;
  changes[0]?.secret satisfies true | undefined;
  steps[0]?.operation satisfies string | undefined;
}
// @ts-expect-error another version
({ version: 2 }) satisfies SetupDocument;
// @ts-expect-error imgix deletes nothing
({ version: 1, imgix: [{ name: "a", delete: true }] }) satisfies SetupDocument;
// @ts-expect-error no attribute of this name
({ version: 1, imgix: [{ nmae: "a" }] }) satisfies SetupDocument;
// @ts-expect-error what is live is required
plan(wanted);
// @ts-expect-error no such option
exportSetup(live, { idz: true });
