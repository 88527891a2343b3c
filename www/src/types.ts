// The shapes that pass between the parts of the console. What a source is made of is not among them: that is told by
// `sourceForm()` and `inventory()` of the package, and no attribute is spelled here.

export type ProviderName = "imgix" | "imageboss";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A source as its provider gave it. */
export type Source = { [name: string]: Json } & { id: string };

/** What both providers' sources have in common, as `inventory()` gives it. */
export interface Row {
  provider: ProviderName;
  id: string;
  name: string;
  type?: string;
  location?: string;
  hosts: string[];
  enabled?: boolean;
  status?: string;
  secured?: boolean;
  changedAt?: number;
}

export interface Problem {
  field: string;
  code: string;
  message: string;
  level: "error" | "warning";
}

/** One field of `sourceForm()`. */
export interface FormField {
  name: string;
  path: string;
  kind: "string" | "boolean" | "flag" | "integer" | "number" | "strings" | "map" | "object" | "any";
  required?: boolean;
  createable?: boolean;
  updatable?: boolean;
  secret?: boolean;
  nullable?: boolean;
  only?: string[];
  when?: { field: string; value: string };
  values?: string[];
  open?: boolean;
  min?: number;
  max?: number;
  default?: Json;
  demanded?: { type: string; value: Json }[];
  help?: string;
  decidedBy?: string;
  fields?: FormField[];
}

export interface SourceForm {
  provider: ProviderName;
  title: string;
  docs: string;
  fields: FormField[];
}

export interface Operation {
  provider: ProviderName;
  name: string;
  help: string;
  permission: string;
}

/** A request that was not sent. */
export interface Prepared {
  operation: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export type Mode = "sandbox" | "live" | "off";

/** What went wrong, ready to be shown. */
export interface Failure {
  title: string;
  message: string;
  problems: Problem[];
  /** May the change have happened all the same? */
  unsure: boolean;
  status?: number;
  requestId?: string;
  operation?: string;
}
