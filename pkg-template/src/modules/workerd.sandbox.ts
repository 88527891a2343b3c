// Workers refuse to compile bytes while a request is handled; they take modules as static imports.
import compiled from "./sandbox.wasm";

export const getModule = () => compiled;
