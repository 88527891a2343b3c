import { bytes } from "#generated/sandbox.inline.js";

let compiled: WebAssembly.Module | undefined;

export const getModule = () => (compiled ??= new WebAssembly.Module(bytes()));
