declare module "cloudflare:workers" {
  export abstract class DurableObject {
    constructor(ctx: import("./platform.js").ObjectState, env: import("./platform.js").Environment);
    protected readonly ctx: import("./platform.js").ObjectState;
    protected readonly env: import("./platform.js").Environment;
  }
}
