export declare const DEAD = "the WebAssembly core has failed; the next call gets a new one";
/** A client in the module. Everything that comes out is JSON. */
export interface Core {
    problem(): Uint8Array;
    keep(token: Uint8Array): void;
    start(operation: number, input: Uint8Array, once: boolean, now: number, chance: number): number;
    step(call: number, kind: number, number: number, head: Uint8Array, body: Uint8Array, now: number, chance: number): number;
    at(): number;
    clear(): void;
    abort(call: number, now: number): Uint8Array;
    scrub(call: number, text: Uint8Array): Uint8Array;
    forget(call: number): void;
    dryRun(operation: number, input: Uint8Array): Uint8Array;
}
interface Bound {
    __wbg_set_wasm(exports: unknown): void;
}
/** What the module exports, as the glue gives it. */
export interface Glue extends Bound {
    Core: new (provider: Uint8Array, options: Uint8Array, listening: boolean) => Core;
    checkSource(provider: Uint8Array, input: Uint8Array): Uint8Array;
}
/** The same of the module for stand-alone functions. */
export interface Tools extends Bound {
    imageUrl(provider: Uint8Array, what: Uint8Array): Uint8Array;
}
export interface Instance<Of = Glue> {
    glue: Of;
    dead: boolean;
    memory: WebAssembly.Memory;
    /** Ends of the calls that are running. */
    running: Set<(cause: unknown) => void>;
}
export declare const instance: () => Instance<Glue>;
export declare const tools: () => Instance<Tools>;
export {};
