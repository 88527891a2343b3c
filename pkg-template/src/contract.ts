// Holds the implementation against the declarations that users get. Nothing here is bundled: it only has to compile.
import type * as declared from "../types/index.js";
import type * as declaredCloudflare from "../types/cloudflare.js";
import type * as declaredRedis from "../types/redis.js";
import type * as declaredSandbox from "../types/sandbox.js";
import type * as cloudflareEntry from "./cloudflare.entry.js";
import type * as entry from "./index.js";
import type * as listing from "./listing.js";
import type * as redisEntry from "./redis.entry.js";
import type * as sandboxEntry from "./sandbox.entry.js";

type Declared = typeof declared;
type Entry = typeof entry;

/** Compiles only if `Actual` can be used where `Wanted` is expected. */
type Fits<Actual extends Wanted, Wanted> = [Actual, Wanted];
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Classes are looked at apart: their members are made from the table of operations or come from the core. */
type Functions = { [Name in keyof Declared]: Declared[Name] extends (...given: never[]) => unknown ? Name : never }[keyof Declared];

export type Checks = [
  // Neither side exports what the other does not.
  Fits<Same<keyof Entry, keyof Declared>, true>,
  Fits<Pick<Entry, Functions>, Pick<Declared, Functions>>,

  // Of classes: constructors take what is declared, and what they make is what is declared as far as types know it.
  Fits<ConstructorParameters<Declared["Imgix"]>, ConstructorParameters<Entry["Imgix"]>>,
  Fits<ConstructorParameters<Declared["ImageBoss"]>, ConstructorParameters<Entry["ImageBoss"]>>,
  Fits<declared.Imgix, Pick<entry.Imgix, keyof entry.Imgix>>,
  Fits<declared.ImageBoss, Pick<entry.ImageBoss, keyof entry.ImageBoss>>,
  Fits<declared.ImageSourcesError, entry.ImageSourcesError>,
  Fits<listing.Listing, declared.Listing<any>>,
  Fits<Same<keyof listing.Listing, keyof declared.Listing<any>>, true>,

  Fits<typeof sandboxEntry, typeof declaredSandbox>,
  Fits<Same<sandboxEntry.SandboxOptions, declaredSandbox.SandboxOptions>, true>,
  Fits<Same<sandboxEntry.Sandbox, declaredSandbox.Sandbox>, true>,
  Fits<Same<keyof typeof cloudflareEntry, keyof typeof declaredCloudflare>, true>,
  Fits<Pick<typeof cloudflareEntry, "gateway" | "durableLimiter">, Pick<typeof declaredCloudflare, "gateway" | "durableLimiter">>,
  Fits<declaredCloudflare.DurableLimiter, NonNullable<declared.ClientOptions["limiter"]>>,
  Fits<typeof redisEntry, typeof declaredRedis>,
  Fits<declaredRedis.RedisLimiter, NonNullable<declared.ClientOptions["limiter"]>>,
  // What the sandbox answers is what a client may be given.
  Fits<declaredSandbox.Sandbox["fetch"], NonNullable<declared.ClientOptions["fetch"]>>,
];
