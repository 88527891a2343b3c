import * as library from "image-sources";
import { prove } from "../program.mjs";

export const run = (origin, label) => prove(library, origin, label);
