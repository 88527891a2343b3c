// The providers as the core's tables have them; printed when the package is built.
import { printing } from "../target/npm/generated/tables.js";

/**
 * @typedef {object} Provider
 * @property {string} name `imgix`, `imageboss`.
 * @property {string} title How the API calls itself.
 * @property {string} baseUrl Where it is.
 * @property {string} imageBaseUrl The host that serves images, or nothing if it is asked nothing.
 * @property {string} header The header for the key.
 * @property {string} prefix What stands before the key in it.
 * @property {string} variable The variable of the environment for the key.
 */

/** @type {Provider[]} */
export const PROVIDERS = JSON.parse(printing).providers;

/** Variables of the environment for one: the key, and other places. */
export const variablesOf = ({ variable }) => {
  const name = variable.replace(/_API_KEY$/, "");
  return { apiKey: variable, baseUrl: `${name}_BASE_URL`, imageBaseUrl: `${name}_IMAGE_BASE_URL` };
};

/** Where a server of this repository has the sandbox's APIs: `/imgix/api/v1`, `/imageboss/v1`. */
export const sandboxPath = ({ name, baseUrl }) => `/${name}${new URL(baseUrl).pathname}`;

/** Where it has the sandbox's hosts of images: `/images/HOST`. */
export const sandboxImagePath = ({ imageBaseUrl }) => (imageBaseUrl ? `/images/${new URL(imageBaseUrl).host}` : "");
