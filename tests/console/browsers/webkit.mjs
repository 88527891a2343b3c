// WebKit of Debian, driven by WebDriver in a screen that is not there.
import { existsSync } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { MissingError } from "../../../pkg-template/tools/setup.mjs";
import { WebDriver } from "./webdriver.mjs";

const KEYS = { Enter: "\uE007", Escape: "\uE00C", Tab: "\uE004", ArrowDown: "\uE015", ArrowUp: "\uE013", Backspace: "\uE003", Space: " " };
const HINT = "`apt-get install webkit2gtk-driver xvfb xauth`";

/** The small browser that the driver drives. */
export function findMiniBrowser(lib = "/usr/lib", isThere = existsSync) {
  const places = isThere(lib) ? readdirSync(lib).flatMap((arch) => ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"].map((name) => join(lib, arch, name, "MiniBrowser"))) : [];
  const found = places.find((place) => isThere(place));
  const missing = [found ? "" : "MiniBrowser of WebKit", ...["WebKitWebDriver", "xvfb-run"].filter((name) => !isThere(`/usr/bin/${name}`))].filter(Boolean);
  if (missing.length) throw new MissingError(`${missing.join(", ")} missing: ${HINT}`);
  return found;
}

/** A tab of it, with what the tests do to a page. */
export class WebKitTab {
  #driver;

  static async open(url) {
    const binary = findMiniBrowser();
    const tab = new WebKitTab();
    tab.#driver = await WebDriver.start("/usr/bin/xvfb-run", ["-a", "-s", "-screen 0 1400x1000x24", "/usr/bin/WebKitWebDriver"], {
      // There is no user for a sandbox where tests run; the page comes from this machine.
      env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
      capabilities: { "webkitgtk:browserOptions": { binary, args: ["--automation"] } },
    });
    await tab.#driver.command("POST", "/window/rect", { x: 0, y: 0, width: 1280, height: 900 });
    await tab.goto(url);
    return tab;
  }

  goto(url) {
    return this.#driver.command("POST", "/url", { url });
  }

  evaluate(run, ...args) {
    return this.#driver.evaluate(run, ...args);
  }

  async click(selector) {
    await this.evaluate((selector) => document.querySelector(selector).scrollIntoView({ block: "center" }), selector);
    await this.#driver.command("POST", `/element/${await this.#driver.find(selector)}/click`);
  }

  async type(text) {
    await this.#keys([...text]);
  }

  async press(key) {
    await this.#keys([KEYS[key] ?? key]);
  }

  async #keys(keys) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.#driver.command("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async screenshot(path) {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(path, Buffer.from(await this.#driver.command("GET", "/screenshot"), "base64"));
  }

  close() {
    return this.#driver.stop();
  }
}
