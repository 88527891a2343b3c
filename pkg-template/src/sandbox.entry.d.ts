import { type Sandbox, type SandboxOptions } from "./sandbox.js";
export type * from "./sandbox.js";
/** A sandbox with a state of its own. */
export declare function createSandbox(options?: SandboxOptions): Sandbox;
