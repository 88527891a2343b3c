// A Worker with everything.
import { Imgix, type OperationInfo } from "image-sources";
import { Audit, durableLimiter, gateway, Jobs, RateLimits, type GatewayOptions, type Role } from "image-sources/cloudflare";

interface Env {
  IMGIX_API_KEY: string;
  TOKEN: string;
  RATE_LIMITS: { idFromName(name: string): { name?: string }; get(id: { name?: string }): { fetch(): void } };
}
const roles: Role[] = ["write", "reveal"];
gateway<Env>((env) => ({
  providers: { imgix: { apiKey: env.IMGIX_API_KEY } },
  tokens: [{ name: "ci", secret: env.TOKEN, roles }],
  access: { team: "https://example.cloudflareaccess.com", audience: ["a"] },
  roles: ({ name, claims }) => (name.endsWith("@example.com") && claims?.["admin"] === true ? ["write"] : []),
  rateLimits: env.RATE_LIMITS,
  limits: { "sources.update": { requests: 120, perMs: 3_600_000 }, purge: null },
})).fetch(new Request("https://x.example/")) satisfies Promise<Response>;
const env = {} as Env;
new Imgix({ apiKey: "k", limiter: durableLimiter(env.RATE_LIMITS, env.IMGIX_API_KEY) });
export { Audit, RateLimits };

export class OwnJobs extends Jobs {
  protected override allows({ name, method }: OperationInfo) {
    return method != "DELETE" && name != "purge";
  }
}
gateway({ providers: {}, callers: { limit: async ({ key }) => ({ success: key != "" }) } });

// @ts-expect-error somebody has to be let in to something
const nothing: GatewayOptions = {};
// @ts-expect-error no such provider
gateway({ providers: { cloudinary: { apiKey: "k" } } });
// @ts-expect-error no such role
gateway({ providers: {}, tokens: [{ name: "a", secret: "b", roles: ["root"] }] });
// @ts-expect-error no such class
gateway({ providers: {}, limits: { nothing: null } });
// @ts-expect-error the key is missing
durableLimiter(env.RATE_LIMITS);

// And for processes that share a Redis.
import { redisLimiter } from "image-sources/redis";

declare const nodeRedis: { sendCommand(command: string[], options?: object): Promise<string | null> };
declare const ioredis: { call(command: string, ...rest: (string | number | Buffer | string[])[]): Promise<unknown> };
type Buffer = Uint8Array;
for (const client of [nodeRedis, ioredis, async (words: string[]) => words.length]) new Imgix({ apiKey: "k", limiter: redisLimiter(client, "k", { prefix: "p" }) });
