const library = require("image-sources");

import("../program.mjs")
  .then(({ prove }) => prove(library, process.argv[2], process.argv[3]))
  .then(console.log);
