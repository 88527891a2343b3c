// The way to the package. What is the same at all providers can be used without knowing which one it is.
import * as library from "image-sources";
import type { CallOptions, ImageBoss, Imgix, Page, PreparedRequest, Problem, Provider, SourceForm } from "image-sources";
import type { Row, Source } from "./types.js";

export { isImageSourcesError, journalPlaces, operations, toCurl } from "image-sources";

export interface Clients {
  imgix: Imgix;
  imageboss: ImageBoss;
}

/** How a client is made; options are those of the package. */
export const classes = { imgix: library.Imgix, imageboss: library.ImageBoss } as const;

/** What the classes are called; a bundler may have renamed them. */
export const CLASS_NAMES: Record<Provider, string> = { imgix: "Imgix", imageboss: "ImageBoss" };

export const PROVIDERS = Object.keys(classes) as Provider[];

/** An object with something for each provider. */
export const perProvider = <Value>(make: (provider: Provider) => Value): Record<Provider, Value> =>
  Object.fromEntries(PROVIDERS.map((provider) => [provider, make(provider)])) as Record<Provider, Value>;

/** What the sources of every provider can do; what only some can is looked up in `operations()` first. */
export interface SourceCalls<Answer = Source, Nothing = void> {
  get(id: string, options?: CallOptions): Promise<Answer>;
  create(input: object, options?: CallOptions): Promise<Answer>;
  update(id: string, changes: object, options?: CallOptions): Promise<Answer>;
  enable(id: string, options?: CallOptions): Promise<Answer>;
  disable(id: string, options?: CallOptions): Promise<Answer>;
  delete(id: string, options?: CallOptions): Promise<Nothing>;
}

/** The sources of a provider, whichever it is. */
export const sourcesOf = (clients: Clients, provider: Provider) =>
  clients[provider].sources as unknown as SourceCalls & { list(options?: object): PromiseLike<Page<Source>> };

/** The same, only prepared. */
export const preparedSourcesOf = (clients: Clients, provider: Provider) => clients[provider].dryRun.sources as unknown as SourceCalls<PreparedRequest, PreparedRequest>;

const collect = library.inventory as (imgix: unknown, imageBoss: unknown) => Row[];

/** Providers may answer with other types than they declare; a row is read as text all the same. */
const textOf = (value: unknown): string | undefined => (value === undefined || value === null || typeof value === "string" ? (value ?? undefined) : JSON.stringify(value));

export const inventory = (provider: Provider, sources: Source[]): Row[] =>
  (provider === "imgix" ? collect(sources, []) : collect([], sources)).map((row) => ({
    ...row,
    id: textOf(row.id) ?? "",
    name: textOf(row.name) ?? "",
    type: textOf(row.type),
    location: textOf(row.location),
    status: textOf(row.status),
    hosts: row.hosts.filter((host) => typeof host === "string"),
  }));

const forms = new Map<Provider, SourceForm>();

export function sourceForm(provider: Provider): SourceForm {
  let form = forms.get(provider);
  if (!form) forms.set(provider, (form = library.sourceForm(provider)));
  return form;
}

/** All problems of an input; an input that cannot be judged at all is one problem. */
export function checkSource(provider: Provider, input: object, updating: boolean): Problem[] {
  try {
    return library.checkSource(provider, input, { updating });
  } catch (failure) {
    return (failure as { problems?: Problem[] }).problems ?? [{ field: "", code: "type", message: String(failure), level: "error" }];
  }
}
