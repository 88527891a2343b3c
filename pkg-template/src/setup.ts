// Plans of whole set-ups. Synchronous; what is no document throws `InvalidInputError`.
import type { SetupDocument, SetupPlan } from "../types/index.js";
import { plans, told } from "./core.js";
import { encode, parse } from "./encode.js";
import { looked } from "./errors.js";

const made = (answer: Uint8Array): any => told(parse(answer));

export const plan = (document: unknown, current: unknown): SetupPlan =>
  looked(() => {
    const { plan } = made(plans().glue.planSetup(encode([document, current, new Date()])));
    // What is sent may hold secrets: it is there to be sent, and not to be printed or stored.
    for (const list of Object.values<any>(plan).filter(Array.isArray))
      for (const { steps } of list) for (const step of steps) Object.defineProperty(step, "arguments", { enumerable: false });
    return plan;
  });

export const exportSetup = (current: unknown, options?: unknown): SetupDocument => looked(() => made(plans().glue.exportSetup(encode([current, options]))).document);
