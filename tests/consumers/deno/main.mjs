import * as library from "image-sources";
import { prove } from "../program.mjs";

console.log(await prove(library, Deno.args[0], Deno.args[1]));
