// Compiled modules only: in a Worker nothing can be compiled from bytes.
import * as library from "image-sources";
import { prove } from "../program.mjs";

export default {
  fetch: async (request) => {
    const { searchParams } = new URL(request.url);
    try {
      return new Response(await prove(library, searchParams.get("origin"), searchParams.get("label")));
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
