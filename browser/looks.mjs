// What a look at a page cannot miss: things outside their box, and what axe finds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './demo.mjs';

export const widths = [360, 390, 768, 1280];
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** Elements that stick out of their container's content box, named so that one finds them. */
export function outside(page) {
  return page.evaluate(() => {
    const slack = 1.5;
    const found = [];
    const scrolls = (e) => /auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX);
    const name = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ''}.${[...e.classList].join('.')} “${(e.textContent ?? '').trim().slice(0, 30)}”`;
    for (const e of document.body.querySelectorAll('*:not(svg *)')) {
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      if (!box.width || !box.height || style.visibility === 'hidden' || /absolute|fixed|sticky/.test(style.position)) continue;
      let cut = false;
      for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) cut ||= scrolls(up);
      if (cut) continue;
      const parent = e.parentElement;
      const outer = parent.getBoundingClientRect();
      const p = getComputedStyle(parent);
      if (p.display === 'contents' || p.display.startsWith('inline') || /absolute|fixed/.test(p.position)) continue;
      const left = outer.left + parseFloat(p.borderLeftWidth) + parseFloat(p.paddingLeft) + Math.min(0, parseFloat(style.marginLeft) || 0);
      const right = outer.right - parseFloat(p.borderRightWidth) - parseFloat(p.paddingRight) - Math.min(0, parseFloat(style.marginRight) || 0);
      if (box.left < left - slack || box.right > right + slack) found.push(`${name(e)} [${Math.round(box.left)}–${Math.round(box.right)}] in ${name(parent)} [${Math.round(left)}–${Math.round(right)}]`);
    }
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) found.push(`the page is ${wide} px wide`);
    return found.slice(0, 8);
  });
}

/** What axe holds against the page, by all its rules or the named ones. The page's own policy keeps foreign scripts out, so contexts bypass it. */
export async function violations(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const { violations: all } = await page.evaluate((only) => window.axe.run(document, {
    resultTypes: ['violations'], ...(only ? { runOnly: { type: 'rule', values: only } } : {}) }), rules);
  return all.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

// A window for each visitor, kept until the browser closes: opening one, or a page in it, takes longer than to look.
const windows = new Map();
function windowOf(browser, state, baseURL) {
  const key = state ?? browser;
  if (!windows.has(key))
    windows.set(key, browser.newContext({ storageState: state, baseURL, bypassCSP: true, viewport: { width: 1280, height: 800 } }).then((c) => c.newPage()));
  return windows.get(key);
}

/** Opens the page as who holds the state, at every width and in both themes, and fails with all that is wrong with it. */
export async function look(browser, path, { state, baseURL } = {}) {
  const page = await windowOf(browser, state, baseURL);
  const said = [];
  const console = (m) => { if (m.type() === 'error' && !/status of (4\d\d)/.test(m.text())) said.push(m.text()); };
  const error = (e) => said.push(String(e));
  page.on('console', console).on('pageerror', error);
  try {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(path);
    const found = [];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      found.push(...(await outside(page)).map((f) => `${width} px: ${f}`));
      if (width === widths[0]) found.push(...(await violations(page, ofSmallScreens)).map((f) => `${width} px light: ${f}`));
    }
    found.push(...(await violations(page)).map((f) => `1280 px light: ${f}`));
    await page.emulateMedia({ colorScheme: 'dark' }); // boxes are the same in both: colours alone differ
    found.push(...(await violations(page, ['color-contrast'])).map((f) => `1280 px dark: ${f}`));
    assert.deepEqual([...found, ...said], [], path);
  } finally {
    page.off('console', console).off('pageerror', error);
  }
}

// At another width the same things are there, smaller or put away: what axe says of that needs these rules alone.
const ofSmallScreens = ['scrollable-region-focusable', 'aria-hidden-focus', 'button-name', 'link-name', 'label'];
