// Firefox of Debian, driven by WebDriver BiDi.
import { existsSync } from "node:fs";

import puppeteer from "puppeteer-core";

import { MissingError } from "../../../pkg-template/tools/setup.mjs";

export function findFirefox(env = process.env, isThere = existsSync) {
  const found = [env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((place) => place && isThere(place));
  if (!found) throw new MissingError("firefox is missing: `apt-get install firefox-esr`, or name another one in FIREFOX");
  return found;
}

/** A tab of it, with what the tests do to a page. */
export class FirefoxTab {
  #browser;
  #page;
  /** Errors that nothing caught, and addresses of other hosts. */
  broken = [];

  /** `before`: run in the page before anything else. */
  static async open(url, profile, before) {
    const tab = new FirefoxTab();
    // The window has the size from the start: setting a viewport also sets the screen's orientation, which not every Firefox knows.
    const args = ["-no-remote", "--width=1280", "--height=985"];
    tab.#browser = await puppeteer.launch({ browser: "firefox", executablePath: findFirefox(), headless: true, userDataDir: profile, args, defaultViewport: null });
    tab.#page = await tab.#browser.newPage();
    tab.#page.on("pageerror", (error) => tab.broken.push(error.message));
    tab.#page.on("request", (request) => {
      const asked = new URL(request.url());
      if (asked.origin !== new URL(url).origin && asked.protocol !== "data:") tab.broken.push(`asked ${asked.href}`);
    });
    if (before) await tab.#page.evaluateOnNewDocument(before);
    await tab.goto(url);
    return tab;
  }

  async goto(url) {
    await this.#page.goto(url);
  }

  evaluate(run, ...args) {
    return this.#page.evaluate(run, ...args);
  }

  click(selector) {
    return this.#page.click(selector);
  }

  type(text) {
    return this.#page.keyboard.type(text);
  }

  press(key) {
    return this.#page.keyboard.press(key);
  }

  async screenshot(path) {
    await this.#page.screenshot({ path });
  }

  close() {
    return this.#browser.close();
  }
}
