export { ImageBoss, Imgix } from "./client.js";
export * from "./errors.public.js";
export { checkSource, imageBossUrl, inventory, journalPlaces, signImgixUrl, sourceForm, toCurl } from "./functions.js";
export { exportSetup, plan } from "./setup.js";
export { operations } from "./tables.js";
