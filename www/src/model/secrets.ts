// Which attributes are secret. The package knows; it tells by what it puts variables in place of.
import { toCurl } from "../package.js";

const known = new Map<string, boolean>();
const PROBE = "probe";

/** Is the value of an attribute of this name kept from printed requests? */
export function isSecretName(name: string): boolean {
  let secret = known.get(name);
  if (secret === undefined) {
    const prepared = { operation: "", method: "POST", url: "https://provider.invalid/", headers: {}, body: JSON.stringify({ [name]: PROBE }) };
    known.set(name, (secret = !toCurl(prepared).includes(`"${PROBE}"`)));
  }
  return secret;
}

/** An address without the name and password that may stand in it. */
export const withoutUser = (text: string): string => text.replace(/^(\w+:\/\/)[^/?#]*@/, "$1••••@");

/** A value as it may be shown: nothing of a secret, the end of what is only an id of a key. */
export const masked = (value: string, isKeyId: boolean): string => (isKeyId && value.length > 8 ? `••••${value.slice(-4)}` : "••••••••");
