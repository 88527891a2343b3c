// Vercel's edge runtime wants its own mark on imports of modules.
import compiled from "./client.wasm?module";

export const getModule = () => compiled;
