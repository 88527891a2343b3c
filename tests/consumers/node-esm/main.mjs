import * as library from "image-sources";
import { prove } from "../program.mjs";

console.log(await prove(library, process.argv[2], process.argv[3]));
