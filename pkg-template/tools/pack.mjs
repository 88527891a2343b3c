// `npm run pack`: installs what is missing and writes target/npm/image-sources.tgz.
import { buildPackage, MissingError, setUp } from "./setup.mjs";

try {
  await buildPackage(await setUp());
} catch (failure) {
  if (!(failure instanceof MissingError)) throw failure;
  console.error(failure.message);
  process.exitCode = 1;
}
