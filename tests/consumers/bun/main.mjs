import * as library from "image-sources";
import { prove } from "../program.mjs";

console.log(await prove(library, Bun.argv[2], Bun.argv[3]));
