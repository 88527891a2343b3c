import * as library from "image-sources";
import { prove } from "../program.mjs";

globalThis.outcome = prove(library, location.origin, document.title).catch((error) => error.stack);
