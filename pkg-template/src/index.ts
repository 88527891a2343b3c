export { ImageBoss, Imgix } from "./client.js";
export * from "./errors.public.js";
export { checkSource, inventory, sourceForm, toCurl } from "./functions.js";
export { operations } from "./tables.js";
