// The names that the installed package exports.
import * as library from "image-sources";
import * as sandbox from "image-sources/sandbox";

export default [...Object.keys(library), ...Object.keys(sandbox)];
