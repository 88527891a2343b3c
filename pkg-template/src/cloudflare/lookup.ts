// Did it happen? For an item whose answer got lost the provider is asked what is there now. Nothing is sent again on a guess.
import { hides } from "./mask.js";
import { type OperationInfo, providerOf } from "./tables.js";

/** `done` and `not-done` are certain. */
export type Found = "done" | "not-done" | "cannot-tell";

const at = (value: any, path: string): any => path.split(".").reduce((value, name) => value?.[name], value);

/** What is written under one name and read under another: `credential_attributes` comes back as `credentials`. */
export const readUnder = (read: any, name: string): any => (read && name in read ? read[name] : read?.[name.replace(/_attributes$/, "s")]);

const same = (one: any, other: any): boolean => {
  if (one && other && typeof one == "object" && typeof other == "object") {
    const [a, b] = [Object.keys(one), Object.keys(other)];
    return a.length == b.length && a.every((key) => same(one[key], other[key]));
  }
  // Flags come back as words.
  return one === other || (one != null && other != null && typeof one != "object" && String(one) === String(other));
};

/** Does what is read say what was to be written? What cannot be read says nothing. */
export function holds(changes: any, read: any): Found {
  let [equal, different, hidden] = [0, 0, 0];
  for (const [name, value] of Object.entries(Object(changes))) {
    const found = readUnder(read, name);
    if (hides(name)) hidden++;
    else if (value && typeof value == "object" && !Array.isArray(value) && found && typeof found == "object") {
      const inner = holds(value, found);
      if (inner == "done") equal++;
      else if (inner == "not-done") different++;
      else hidden++;
    } else if (found === undefined && value !== null) hidden++;
    else if (same(value, found ?? null)) equal++;
    else different++;
  }
  if (different) return "not-done";
  return hidden || !equal ? "cannot-tell" : "done";
}

/** Looks for what an operation with these arguments would have left. */
export async function lookUp(client: any, { provider, name, parameters }: OperationInfo, args: any[], options: object): Promise<Found> {
  const verb = name.split(".").at(-1)!;
  const group = name.includes(".") ? at(client, name.split(".").slice(0, -1).join(".")) : undefined;
  const ids = args.slice(0, parameters.length);
  const read = async (): Promise<any> => {
    try {
      return await group.get(...ids, options);
    } catch (failure: any) {
      if (failure?.name == "NotFoundError") return undefined;
      throw failure;
    }
  };
  if (!group?.get) return "cannot-tell";
  switch (verb) {
    case "update": {
      const found = await read();
      return found ? holds(args[parameters.length], found) : "cannot-tell";
    }
    case "enable":
    case "disable": {
      const found = await read();
      return found ? (found.enabled === (verb == "enable") ? "done" : "not-done") : "cannot-tell";
    }
    case "delete":
      return (await read()) ? "not-done" : "done";
    case "add":
      return (await read()) ? "done" : "not-done";
    case "create": {
      // Only what is there proves something: what is not there may be on its way.
      const called = providerOf(provider).row.name;
      const [input] = args;
      for await (const source of group.list(options)) if (at(source, called) === at(input, called) && holds(input, source) != "not-done") return "done";
      return "cannot-tell";
    }
    default:
      return "cannot-tell";
  }
}
