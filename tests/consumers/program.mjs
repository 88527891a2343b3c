// The program that every consumer runs: lists, creates and updates a source at both providers, and sees errors and
// aborts for what they are. It takes the library as it was loaded, so that the loading is what differs.

/**
 * @param library What `import * as library from "image-sources"` or `require("image-sources")` gave.
 * @param origin Where the sandbox is.
 * @param label Tells the consumers apart: names and subdomains can be used once only.
 */
export async function prove(library, origin, label) {
  const events = [];
  const options = { apiKey: "sandbox", onEvent: (event) => events.push(event.type) };
  const imgix = new library.Imgix({ ...options, baseUrl: `${origin}/imgix/api/v1` });
  const boss = new library.ImageBoss({ ...options, baseUrl: `${origin}/imageboss/v1` });
  const name = `${label}-${Date.now().toString(36)}`;

  const first = await imgix.sources.list({ page: { size: 20 }, sort: ["name"] });
  check(first.items.length === 20 && first.hasMore && first.total > 20, "the first page of imgix");
  const sources = [];
  for await (const source of imgix.sources.list({ page: { size: 20 } })) sources.push(source);
  check(sources.length === first.total, "every source of imgix, over all pages");
  const made = await imgix.sources.create({
    name,
    deployment: { type: "webfolder", webfolder_base_url: "https://example.com/images/", imgix_subdomains: [name] },
  });
  check(made.id && made.type === "sources" && made.name === name, "the source made at imgix");
  const renamed = await imgix.sources.update(made.id, { name: `${name} é` });
  check(renamed.id === made.id && renamed.name === `${name} é`, "the source renamed at imgix");

  const { items } = await boss.sources.list();
  check(items.length > 5 && items.every(({ id }) => id), "the sources of ImageBoss");
  const created = await boss.sources.create({ source: name, source_type: "url", credential_attributes: { url: "https://example.com/" } });
  check(created.id && created.source === name, "the source made at ImageBoss");
  const changed = await boss.sources.update(created.id, { credential_attributes: { require_token: true } });
  check(changed.id === created.id, "the source changed at ImageBoss");
  check((await boss.sources.delete(created.id)) === undefined, "the source deleted at ImageBoss");

  const missing = await failure(imgix.sources.get("60b1c2d3e4f5061728394aff"));
  check(missing instanceof library.NotFoundError && missing instanceof Error && missing.status === 404, "the error for what is not there");
  const refused = await failure(imgix.sources.create({ nme: "" }));
  check(refused instanceof library.InvalidInputError && refused.name === "InvalidInputError" && refused.problems.length > 2, "the error for wrong input");
  const reason = new Error("no more");
  const controller = new AbortController();
  const aborted = failure(boss.sources.list({ signal: controller.signal }));
  controller.abort(reason);
  check((await aborted) === reason, "the reason of an abort");
  const live = { imgix: sources, imageboss: items };
  const { unchanged, change, impossible } = library.plan(library.exportSetup(live), live);
  check(unchanged.length === sources.length + items.length && change.length + impossible.length === 0, "the plan of what was exported");
  check(library.checkSource("imgix", { name: "x" }).length === 1 && library.operations().length >= 11, "the stand-alone functions");
  check(["request", "response", "end"].every((type) => events.includes(type)), "events");
  return `ok ${label}: ${sources.length} + 1 sources at imgix, ${items.length} + 1 at ImageBoss, ${events.length} events`;
}

function check(condition, what) {
  if (!condition) throw new Error(`not as it should be: ${what}`);
}

const failure = (promise) => promise.then(() => undefined, (error) => error);
