import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { STATES } from "./states.mjs";
import { waitForCount, withConsole } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What is left of 1280 by 1024 pixels when the page is made four times as large. */
const ZOOMED = { width: 320, height: 256 };
const MOST_STOPS = 60;

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async (values) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.split("\n").slice(1).join(" ").slice(0, 300)}`));
  }, TAGS);
}

/** What sticks out at the side, so that one would have to scroll both ways. */
const sticksOut = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const holders = [document.documentElement, ...document.querySelectorAll("dialog, .form-body, source-details, asset-details, .report-details, .entry-details, .box, [popover], .inspector-body")];
    return holders.filter((holder) => holder.scrollWidth > Math.min(holder.clientWidth, room) + 1).map((holder) => `${holder.localName}.${holder.className} ${holder.scrollWidth}`);
  });

/** What has the focus and cannot be seen at all, or not that it has it, after each tab until it is around once. */
async function covered(page) {
  await page.evaluate(() => {
    globalThis.stops = new Set();
    globalThis.covered = [];
    globalThis.look = async () => {
      const one = document.activeElement;
      if (one === document.body || one === null) return globalThis.stops.size < 2;
      if (globalThis.stops.has(one)) return false;
      globalThis.stops.add(one);
      const isSeen = () => [...one.getClientRects()].some((rect) => {
        const [left, right] = [Math.max(0, rect.left), Math.min(innerWidth, rect.right)];
        const [top, bottom] = [Math.max(0, rect.top), Math.min(innerHeight, rect.bottom)];
        if (right <= left || bottom <= top) return false;
        return [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => {
          const hit = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
          return hit !== null && (one.contains(hit) || [...(one.labels ?? [])].some((label) => label.contains(hit)));
        }));
      });
      // A page that is busy scrolls to what has the focus some frames later.
      for (let frame = 0; frame < 60 && !isSeen(); frame += 1) await new Promise(requestAnimationFrame);
      const near = [one, one.parentElement, one.nextElementSibling, one.closest("tr, label, li, .tile")].filter(Boolean).map((element) => getComputedStyle(element));
      if (!near.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) > 0)) globalThis.covered.push(`no outline: ${one.outerHTML.slice(0, 160)}`);
      if (!isSeen()) globalThis.covered.push(`${one.outerHTML.slice(0, 160)} at ${JSON.stringify(one.getBoundingClientRect())}`);
      return true;
    };
  });
  for (let at = 0; at < MOST_STOPS; at += 1) {
    await page.keyboard.press("Tab");
    if (!(await page.evaluate(() => globalThis.look()))) break;
  }
  return page.evaluate(() => globalThis.covered);
}

/** What somebody with forced colours cannot tell apart or cannot see. */
const indistinct = (page) =>
  page.evaluate(() => {
    const found = [];
    const styleOf = (element, pseudo) => getComputedStyle(element, pseudo);
    const looks = (element) => [element, ...element.children, element.closest("li, tr") ?? element].map((one) => {
      const style = styleOf(one);
      return ["outlineStyle", "outlineColor", "borderTopStyle", "borderTopWidth", "borderTopColor", "borderBottomStyle", "borderBottomWidth", "borderInlineStartWidth", "borderInlineStartColor", "backgroundColor", "color", "textDecorationLine", "fontWeight"].map((key) => style[key]).join();
    }).join("|");
    const name = ({ outerHTML }) => outerHTML.slice(0, 140);
    const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
    const backOf = (element) => {
      for (let one = element; one; one = one.parentElement) if (!/, 0\)$|transparent/.test(styleOf(one).backgroundColor)) return styleOf(one).backgroundColor;
      return styleOf(document.documentElement).backgroundColor;
    };
    // Icons, marks and bars are drawn in a colour that is not the one behind them.
    for (const shape of document.querySelectorAll("svg :is(path, rect, circle, line, polyline, use), svg:not(:has(*))")) {
      if (!isSeen(shape.ownerSVGElement ?? shape) || shape.closest("symbol, defs")) continue;
      const { stroke, fill } = styleOf(shape);
      const drawn = [stroke, fill].filter((colour) => colour !== "none" && !/, 0\)$/.test(colour));
      if (drawn.length && drawn.every((colour) => colour === backOf(shape.ownerSVGElement ?? shape))) found.push(`not seen: ${name(shape.ownerSVGElement ?? shape)}`);
    }
    // A button is one by its words, its icon or its edge.
    for (const control of document.querySelectorAll("button, select, textarea, summary, input:not([type=hidden], [type=radio], [type=checkbox], [type=file])")) {
      if (!isSeen(control)) continue;
      const hasEdge = [control, control.parentElement].map((one) => styleOf(one)).some((style) => ["Top", "Bottom"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0));
      if (!hasEdge && !control.innerText?.trim() && !control.querySelector("svg, img")) found.push(`no edge: ${name(control)}`);
    }
    // What is chosen looks different from what is not.
    const pairs = [["[aria-current]:not([aria-current=false])", "aria-current"], ["[aria-selected=true]", "aria-selected"], ["[aria-pressed=true]", "aria-pressed"], ["[data-chosen]", "data-chosen"], ["tr.selected", "class"]];
    for (const [selector, attribute] of pairs)
      for (const chosen of document.querySelectorAll(selector)) {
        if (!isSeen(chosen)) continue;
        const other = [...(chosen.closest("ul, ol, nav, tbody, [role=listbox], [role=toolbar], [role=group]")?.querySelectorAll(`${chosen.localName}${chosen.classList[0] && attribute !== "class" ? `.${chosen.classList[0]}` : ""}`) ?? [])].find((one) => one !== chosen && !one.matches(selector) && one.getAttribute("role") === chosen.getAttribute("role"));
        if (other && looks(other) === looks(chosen) && !chosen.contains(document.activeElement)) found.push(`looks like the others (${attribute}): ${name(chosen)}`);
      }
    for (const chosen of document.querySelectorAll(".segment input:checked + span, label:has(> input[type=radio]:checked)")) {
      const other = [...(chosen.closest("fieldset, [role=radiogroup], .segment")?.querySelectorAll(chosen.localName === "span" ? ".segment input:not(:checked) + span" : "label:has(> input[type=radio]:not(:checked))") ?? [])].find((one) => isSeen(one));
      const box = chosen.querySelector("input");
      if (other && isSeen(chosen) && looks(other) === looks(chosen) && !(box && isSeen(box) && styleOf(box).appearance !== "none")) found.push(`looks like the others: ${name(chosen)}`);
    }
    return found;
  });

for (const [state, { reach, ...options }] of Object.entries(STATES))
  test(`axe finds nothing: ${state}`, async () => {
    await withConsole(options, async ({ page, sandbox }) => {
      await reach(page, sandbox);
      for (const width of [1280, 768, 320])
        for (const theme of ["light", "dark"]) {
          await page.setViewport({ width, height: 800 });
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);

          assert.deepEqual(await violations(page), [], `${state} ${theme} ${width}`);
          assert.deepEqual(await sticksOut(page), [], `${state} ${width}`);
        }
      await page.setViewport(ZOOMED);
      // What is focused before the page has its new size is scrolled to where it was in the old one.
      await page.waitForFunction((width) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(innerWidth === width)))), {}, ZOOMED.width);

      assert.deepEqual(await sticksOut(page), [], `${state} at 400 %`);
      assert.deepEqual(await covered(page), [], `${state} at 400 %`);
      await page.setViewport({ width: 1280, height: 800 });
      await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
      await (await page.createCDPSession()).send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }, { name: "prefers-reduced-motion", value: "reduce" }] });

      assert.deepEqual(await indistinct(page), [], `${state} in forced colours`);
    });
  });

test("with reduced motion nothing moves", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 600_000 } }, async ({ page }) => {
    await waitForCount(page, 61);

    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  });
});
