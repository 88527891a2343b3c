// The shapes that pass between the parts of the console. What an API takes and gives is typed by the package alone.
import type { InventoryRow, Problem, Provider } from "image-sources";

export type { FormField, OperationInfo as Operation, PreparedRequest as Prepared, Problem, Provider as ProviderName, SourceForm } from "image-sources";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A source as its provider gave it, looked at without knowing which one: `sourceForm()` tells what it is made of. */
export type Source = { [name: string]: Json } & { id: string };

/** A row of `inventory()`; what has been stored has an id and a name. */
export type Row = InventoryRow & { id: string; name: string };

/** What stands behind a provider here. */
export type Mode = "sandbox" | "live" | "off";
export type Modes = Partial<Record<Provider, Mode>>;

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
