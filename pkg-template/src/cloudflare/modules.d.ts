declare module "cloudflare:workers" {
  export abstract class DurableObject {
    constructor(ctx: import("./platform.js").ObjectState, env: import("./platform.js").Environment);
    protected readonly ctx: import("./platform.js").ObjectState;
    protected readonly env: import("./platform.js").Environment;
  }
}
declare module "#client" {
  export const Imgix: new (options: object) => any;
  export const ImageBoss: new (options: object) => any;
}
declare module "*.lua" {
  const text: string;
  export default text;
}
