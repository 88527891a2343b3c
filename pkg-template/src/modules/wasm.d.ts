declare module "*.wasm" {
  const compiled: WebAssembly.Module;
  export default compiled;
}
declare module "*.wasm?module" {
  const compiled: WebAssembly.Module;
  export default compiled;
}
declare module "#module" {
  export const getModule: () => WebAssembly.Module;
}
declare module "#generated/client.inline.js" {
  export const bytes: () => Uint8Array<ArrayBuffer>;
}
declare module "#generated/sandbox.inline.js" {
  export const bytes: () => Uint8Array<ArrayBuffer>;
}
declare module "#generated/client.glue.js" {
  export const createGlue: () => import("../core.js").Glue;
}
declare module "#generated/sandbox.glue.js" {
  export const createGlue: () => any;
}
declare module "#generated/tables.js" {
  export const tables: string;
}
