// What a deployment says, in words of its environment. Keys and tokens are secrets of the Worker, the rest are variables.
import { PROVIDERS, variablesOf } from "./providers.mjs";

const words = (text) => String(text ?? "").split(",").map((word) => word.trim()).filter(Boolean);
const yes = (text) => /^(yes|true|on|1)$/i.test(String(text ?? ""));

/** Do the switches allow an operation that writes? */
export const allows = (env, { name }) => yes(env.ALLOW_WRITE) && (yes(env.ALLOW_DELETE) || !/(^|\.)delete$/.test(name));

/** Options of the gateway. */
export function settings(env) {
  const revealed = new Set(words(env.REVEAL_TO).map((name) => name.toLowerCase()));
  const readers = new Set(words(env.READ_ONLY).map((name) => name.toLowerCase()));
  return {
    providers: Object.fromEntries(PROVIDERS.map((provider) => [provider.name, Object.fromEntries(Object.entries(variablesOf(provider)).map(([option, variable]) => [option, env[variable]]))])),
    access: env.ACCESS_TEAM || env.ACCESS_AUDIENCE ? { team: env.ACCESS_TEAM, audience: words(env.ACCESS_AUDIENCE) } : undefined,
    tokens: env.GATEWAY_TOKEN ? [{ name: "token", secret: env.GATEWAY_TOKEN }] : [],
    roles: ({ name }) => [...(readers.has(name.toLowerCase()) ? [] : ["write", "delete"]), ...(revealed.has(name.toLowerCase()) ? ["reveal"] : []), "audit"],
    write: yes(env.ALLOW_WRITE),
    delete: yes(env.ALLOW_DELETE),
    origins: words(env.ORIGINS),
    limits: env.LIMITS,
    rateLimits: env.RATE_LIMITS,
    audit: env.AUDIT,
    jobs: env.JOBS,
    callers: env.CALLERS,
  };
}
