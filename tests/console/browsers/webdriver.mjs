// A client of WebDriver, as far as the tests need one: https://www.w3.org/TR/webdriver2/
import { spawn } from "node:child_process";
import { createServer } from "node:net";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const START_MS = 30_000;

export class WebDriver {
  #base;
  #driver;
  #session;

  constructor(driver, base) {
    this.#driver = driver;
    this.#base = base;
  }

  /** Starts a driver, which is told its port at the end of its arguments, and a session with it. */
  static async start(command, args, { env, capabilities }) {
    const port = await freePort();
    // A group of its own, so that whatever it starts ends with it.
    const driver = spawn(command, [...args, `--port=${port}`], { env: { ...process.env, ...env }, stdio: "ignore", detached: true });
    const failed = new Promise((_, reject) => {
      driver.once("error", reject);
      driver.once("exit", (code) => reject(new Error(`the driver ended with ${code}`)));
    });
    failed.catch(() => undefined);
    const one = new WebDriver(driver, `http://127.0.0.1:${port}`);
    try {
      await Promise.race([one.#ready(), failed]);
      const { sessionId } = await one.#send("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
      one.#session = `/session/${sessionId}`;
      return one;
    } catch (failure) {
      await one.stop();
      throw failure;
    }
  }

  async #ready() {
    for (const end = Date.now() + START_MS; ; await new Promise((done) => setTimeout(done, 100)))
      try {
        return await this.#send("GET", "/status");
      } catch (failure) {
        if (Date.now() > end) throw failure;
      }
  }

  async #send(method, path, body) {
    const answer = await fetch(this.#base + path, { method, ...(method === "POST" && { body: JSON.stringify(body ?? {}), headers: { "content-type": "application/json" } }) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path.replace(/\/session\/[^/]+/, "")}: ${value?.error} ${value?.message ?? ""}`);
    return value;
  }

  command(method, path, body) {
    return this.#send(method, this.#session + path, body);
  }

  /** Runs a function in the page, as `page.evaluate` of puppeteer does; its value may be a promise. */
  async evaluate(run, ...args) {
    const script = `const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);
      Promise.resolve().then(() => (${run})(...given)).then((value) => done({ value }), (failure) => done({ failure: String(failure) }));`;
    const { value, failure } = await this.command("POST", "/execute/async", { script, args });
    if (failure) throw new Error(failure);
    return value;
  }

  async find(selector) {
    const found = await this.command("POST", "/element", { using: "css selector", value: selector });
    return found[ELEMENT];
  }

  async stop() {
    if (this.#session) await this.command("DELETE", "").catch(() => undefined);
    if (this.#driver.exitCode !== null || this.#driver.pid === undefined) return;
    const ended = new Promise((done) => this.#driver.once("exit", done));
    process.kill(-this.#driver.pid, "SIGTERM");
    await ended;
  }
}

/** A port that nobody has; another one may take it before it is used, but not often. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
