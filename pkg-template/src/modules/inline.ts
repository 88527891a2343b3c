// The module as text inside the bundle: works by plain import wherever WebAssembly may be compiled from bytes.
import { bytes } from "#generated/client.inline.js";

let compiled: WebAssembly.Module | undefined;

export const getModule = () => (compiled ??= new WebAssembly.Module(bytes()));
