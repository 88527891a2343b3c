// What the build tool makes, see tools/modules.mjs.
declare module "#module/*" {
  export const getModule: () => WebAssembly.Module;
}
declare module "#generated/client.glue.js" {
  export const createGlue: () => import("./core.js").Glue;
}
declare module "#generated/tools.glue.js" {
  export const createGlue: () => import("./core.js").Tools;
}
declare module "#generated/plan.glue.js" {
  export const createGlue: () => import("./core.js").Plans;
}
declare module "#generated/sandbox.glue.js" {
  export const createGlue: () => any;
}
declare module "#generated/tables.js" {
  export const calls: string;
  export const documented: string;
  export const forms: string;
  export const printing: string;
}
