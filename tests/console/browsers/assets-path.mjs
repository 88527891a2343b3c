// The way through assets and reports, for any browser: pictures, details, an upload of each kind, a purge, and figures.
import assert from "node:assert/strict";

import { HOME, SOURCES } from "../assets-support.mjs";
import { shown, until } from "./path.mjs";

const drop = (tab, name, size) =>
  tab.evaluate(
    (name, size) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(size)], name, { type: "image/jpeg" }));
      document.querySelector("main").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    name, size,
  );

const fileIs = (tab, state) => until(tab, (state) => document.querySelector(".file")?.dataset.state === state, state);

export async function assetsPath(tab, sandbox, url) {
  await tab.goto(url + HOME);
  await shown(tab, ".asset-link");
  await until(tab, () => [...document.images].some(({ complete, naturalWidth }) => complete && naturalWidth > 0));

  await tab.press("/");
  await tab.press("ArrowDown");
  await until(tab, () => document.activeElement.matches(".asset-link"));
  await tab.press("Enter");
  await until(tab, () => document.querySelector("asset-details .facts") !== null);
  await tab.press("Escape");
  await until(tab, () => document.activeElement.matches(".asset-link"));

  for (const [name, size, way] of [["small.jpg", 5000, "one request"], ["large.jpg", (30 << 20) + 1, "session"]]) {
    await drop(tab, name, size);
    await until(tab, () => document.querySelector(".file") !== null && document.querySelector("[data-action=upload]").getAttribute("aria-disabled") !== "true");
    await tab.evaluate(() => document.querySelector("[data-action=upload]").click());
    await fileIs(tab, "done");
    assert.equal(await until(tab, () => document.querySelector(".file-state").textContent.match(/by (.*)/)?.[1].trim()), way);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/${name}`).attributes.file_size, size);
    await tab.evaluate(() => [...document.querySelectorAll(".box-foot button")].find(({ innerText }) => /Clear/.test(innerText)).click());
    await until(tab, () => !document.querySelector(".file"));
  }

  await tab.evaluate(() => document.querySelector(".asset-check").click());
  await until(tab, () => document.querySelector("[data-action=purge-chosen]") !== null);
  await tab.evaluate(() => document.querySelector("[data-action=purge-chosen]").click());
  await until(tab, () => document.activeElement.dataset.action === "undo");
  await tab.press("Enter");
  await until(tab, () => /nothing was sent/.test(document.querySelector("run-panel").textContent));
  assert.equal(sandbox.log.some(({ operation }) => operation === "purge"), false);

  await tab.goto(`${url}?view=reports&type=source_analytics`);
  await shown(tab, "#compare");
  await tab.evaluate(() => {
    const select = document.querySelector("#compare");
    select.value = "7";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await shown(tab, ".chart canvas");
  await until(tab, () => document.querySelectorAll(".numbers-table tbody tr").length === 7);
}
