// Browsers remember for as long as a page lives that a module could not be loaded. A server that was away may be back, so what failed
// is asked for by another address. `build.mjs` puts this in place of every `import()`.
const loads = new Map<string, { promise: Promise<unknown> | undefined; failures: number }>();

Object.assign(globalThis, {
  importAgain(address: string): Promise<unknown> {
    let load = loads.get(address);
    if (!load) loads.set(address, (load = { promise: undefined, failures: 0 }));
    const one = load;
    return (one.promise ??= import(one.failures > 0 ? `${address}?${one.failures}` : address).catch((thrown: unknown) => {
      one.promise = undefined;
      one.failures += 1;
      throw thrown;
    }));
  },
});
