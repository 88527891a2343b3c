// What every answer carries, from the local server as from the Worker.
import { contentPolicy } from "./policy.mjs";

/** @param {{ connect?: string[] }} [more] Further origins that the page may ask. */
export const securityHeaders = (more) => ({
  "content-security-policy": `${contentPolicy(more)}; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
});
