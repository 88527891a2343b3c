// The only file that imports the package: gives its functions the types of this page.
import * as library from "image-sources";
import type { FormField, Operation, Prepared, Problem, ProviderName, Row, Source, SourceForm } from "./types.js";

interface PageOfSources {
  items: Source[];
  total?: number;
  next(): Promise<PageOfSources | null>;
}

type Call = { signal?: AbortSignal };

export interface Sources<Answer> {
  get(id: string, options?: Call): Promise<Answer>;
  create(input: object, options?: Call): Promise<Answer>;
  update(id: string, changes: object, options?: Call): Promise<Answer>;
  enable?(id: string, options?: Call): Promise<Answer>;
  disable?(id: string, options?: Call): Promise<Answer>;
  delete?(id: string, options?: Call): Promise<void>;
}

export interface Client {
  sources: Sources<Source> & { list(options?: object): PromiseLike<PageOfSources> };
  dryRun: { sources: Sources<Prepared> };
}

const untyped = library as any;

const clients: Record<ProviderName, new (options: object) => Client> = { imgix: untyped.Imgix, imageboss: untyped.ImageBoss };

export const PROVIDERS = Object.keys(clients) as ProviderName[];

/** A client that holds no key: the server behind `/api` does. */
export const connect = (provider: ProviderName): Client =>
  new clients[provider]({ gateway: { url: `${location.origin}/api/${provider}` } });

export const operations: () => Operation[] = untyped.operations;
export const toCurl: (prepared: Prepared) => string = untyped.toCurl;
export const isImageSourcesError: (value: unknown) => boolean = untyped.isImageSourcesError;

export const inventory = (provider: ProviderName, sources: Source[]): Row[] =>
  provider === "imgix" ? untyped.inventory(sources, []) : untyped.inventory([], sources);

const forms = new Map<ProviderName, SourceForm>();

export function sourceForm(provider: ProviderName): SourceForm {
  let form = forms.get(provider);
  if (!form) forms.set(provider, (form = untyped.sourceForm(provider) as SourceForm));
  return form;
}

/** All problems of an input; an input that cannot be judged at all is one problem. */
export function checkSource(provider: ProviderName, input: object, updating: boolean): Problem[] {
  try {
    return untyped.checkSource(provider, input, { updating });
  } catch (failure) {
    return (failure as { problems?: Problem[] }).problems ?? [{ field: "", code: "type", message: String(failure), level: "error" }];
  }
}

export type { FormField };
