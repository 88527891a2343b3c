// Functions that stand alone. Synchronous; bad arguments throw `InvalidInputError`.
import type { InventoryRow } from "../types/index.js";
import { placesOf } from "./bulk.js";
import { asker, instance, told, tools, What } from "./core.js";
import { bytesOf, encode, parse } from "./encode.js";
import { invalid, looked } from "./errors.js";
import { formOf, isProvider, printed } from "./tables.js";

const refuse = (field: string, code: string, message: string): never => {
  throw invalid(field, code, message);
};

const named = (provider: unknown) => (isProvider(provider) ? provider : refuse("provider", "value", "must be imgix or imageboss"));

export const checkSource = (provider: string, input: unknown, options?: unknown) =>
  looked(() => told(asker(instance())(What.Check, 0, encode([input, options, new Date()]), 0, named(provider))).problems);

const image = (provider: string, what: unknown): string => looked(() => told(parse(tools().glue.imageUrl(bytesOf(provider), encode(what ?? null)))).url);

export const signImgixUrl = (what: unknown): string => image("imgix", what);
export const imageBossUrl = (what: unknown): string => image("imageboss", what);

/** The places in a set of a journal. */
export const journalPlaces = (set: readonly (string | null)[]): number[] => looked(() => placesOf([...set]));

export const sourceForm = (provider: string) => formOf(named(provider));

/** A name and a password in an address: not for tables. */
const USER_INFO = /^(\w+:\/\/)[^/?#]*@/;

/** The value at a dotted path. */
const at = (value: any, path: string | undefined): any => path?.split(".").reduce((value, name) => value?.[name], value);

/** One provider-neutral row per source, from where the tables say each provider keeps what is common to all. */
export const inventory = (imgix: unknown = [], imageBoss: unknown = []): InventoryRow[] => looked(() => collect(imgix, imageBoss));

const collect = (imgix: unknown, imageBoss: unknown): InventoryRow[] =>
  printed().providers.flatMap(({ name: provider, row }, index) => {
    const sources = [imgix, imageBoss][index];
    if (!Array.isArray(sources)) return refuse(provider, "type", "must be a list of sources");
    return sources.map((source) => {
      const flag = (value: unknown) => (value === true || value === "true" ? true : value === false || value === "false" ? false : undefined);
      const changed = at(source, row.changedAt);
      const changedAt = typeof changed == "number" ? changed * 1000 : Date.parse(changed);
      return {
        provider,
        id: source?.id,
        name: at(source, row.name),
        type: at(source, row.kind),
        location: row.location.map((path) => at(source, path)).find((place) => place && typeof place == "string")?.replace(USER_INFO, "$1****@"),
        hosts: row.hosts.flatMap(([before, path, behind]) => [at(source, path) ?? []].flat().map((host) => before + host + behind)),
        enabled: flag(at(source, row.enabled)),
        status: at(source, row.status),
        secured: flag(at(source, row.secured)),
        changedAt: Number.isNaN(changedAt) ? undefined : changedAt,
      };
    });
  });

/** A shell command for a prepared request, with variables in place of secrets. */
export const toCurl = (prepared: unknown): string => looked(() => command(prepared));

const command = (prepared: any): string => {
  const { method, url, headers = {}, body } = Object(prepared);
  const texts = [method, url, body ?? "", ...(headers && typeof headers == "object" ? Object.values(headers) : [undefined])];
  if (!texts.every((text) => typeof text == "string") || !/^https?:\/\//i.test(url)) refuse("prepared", "type", "must be a prepared request, as `dryRun` gives it");
  const quote = (text: string) => `'${text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, "").replaceAll("'", "'\\''")}'`;
  // An item of a list has only a number for a name.
  const variable = (name: string) => "$" + name.replace(/^\d+$/, "secret").replace(/\W/g, "_").toUpperCase();
  const { providers, secrets: names } = printed();
  const secrets = new RegExp(names, "i");
  // Without -g curl takes the brackets of a query for a pattern.
  const parts = ["curl -g", ...(method == "GET" ? [] : ["-X", quote(method)]), quote(url)];
  for (const [name, value] of Object.entries(headers as Record<string, string>)) {
    const provider = providers.find(({ header }) => header == name.toLowerCase());
    const secret = value.startsWith("****") || secrets.test(name.replaceAll("-", "_"));
    // In double quotes a shell replaces the variable; nothing but word characters may stand beside it there.
    if (provider) parts.push("-H", `"${name}: ${provider.prefix}$${provider.variable}"`);
    else if (secret) parts.push("-H", `"${name.replace(/[^\w-]/g, "")}: ${variable(name)}"`);
    else parts.push("-H", quote(`${name}: ${value}`));
  }
  if (body !== undefined) {
    // Variables are marked with what nobody can have put into the body, then put outside the single quotes.
    const mark = String(Math.random());
    const hide = (key: string, value: unknown) =>
      typeof value == "string" && (/\*{4}/.test(value) || secrets.test(key)) ? mark + variable(key) + mark : value;
    let text = body;
    try {
      text = JSON.stringify(JSON.parse(body, hide));
    } catch {
      // No JSON: nothing in it can be told to be a secret, so it is shown as it is given.
    }
    parts.push("--data-raw", quote(text).replace(new RegExp(`${mark}(\\$\\w+?)${mark}`, "g"), `'"$1"'`));
  }
  return parts.join(" ");
};
