// Every page, at every width, in both themes, with few and many rows: nothing sticks out, axe finds
// nothing, the console stays silent, and without JavaScript it still shows.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from './demo.mjs';
import { look } from './looks.mjs';
import { base, boundMember, launch, signIn } from './people.mjs';

const routes = JSON.parse(execFileSync(join(root, 'bin/zhanggui'), ['routes', '--json'], { encoding: 'utf8' }));
const listed = routes.filter((r) => r.method === 'GET' && !/[{*]/.test(r.path) && !/\.(csv|json)$/.test(r.path)
  && !r.path.startsWith('/upgrade') // offered to few: upgrade.test.mjs looks at it
  && (r.kind === 'page' || r.kind === 'sandbox') && !/^\/(ops|sandbox\/(api|wechat))/.test(r.path)).map((r) => r.path);

const longest = '名'.repeat(64);
// A list page also has no row, one row and as many as a page takes.
const variants = ['/trades?no=nobody00', '/trades?size=100', `/search?q=${encodeURIComponent(longest)}`, '/trades?from=nonsense&min=abc', '/inbox?category=security', '/nothing-here',
  '/funds/flow?size=100', '/funds/flow?account=UNSETTLED', '/funds/flow?no=nobody00', '/funds/flow?from=nonsense&min=abc', '/funds/flow?from=2026-01-01T08:00:00&to=2026-06-30T20:00:00',
  '/marketing/transfers?no=nobody00', '/marketing/transfers?status=x&from=y', '/funds?as_of=2026-06-30T12:00:00', '/funds/summary?by=month', '/funds/summary?account=FEE_INCOME&by=month', '/funds/summary?month=nonsense'];

let browser;
let state;
let one; // the path of one order
let payment; // and of one enterprise payment
before(async () => {
  browser = await launch();
  const page = await signIn(browser, await boundMember('1900000208', 'super_admin'));
  await page.goto('/trades');
  one = new URL(await page.locator('tbody a').first().getAttribute('href'), base).pathname;
  await page.goto('/marketing/transfers');
  payment = new URL(await page.locator('tbody a').first().getAttribute('href'), base).pathname;
  state = await page.context().storageState();
  await page.context().close();
});
after(async () => { await browser.close(); });

const looked = (path) => look(browser, path, { state: path.startsWith('/login') ? undefined : state, baseURL: base });

describe('pages', () => {
  for (const path of [...listed, ...variants]) test(path, () => looked(path));
  test('one order', () => looked(one));
  test('one enterprise payment', () => looked(payment));
  test('a list of one row', () => looked(`/trades?no=${one.split('/').at(-1)}`));
});

test('without JavaScript every page shows its head and its content', async () => {
  const context = await browser.newContext({ storageState: state, baseURL: base, javaScriptEnabled: false });
  const page = await context.newPage();
  for (const path of [...listed, one]) {
    const answer = await page.goto(path);
    assert.ok(answer.status() < 400, path);
    assert.ok((await page.locator('h1').count()) >= 1, `${path} has no head`);
  }
  await context.close();
});

test('the keyboard reaches content, search and menu', async () => {
  const context = await browser.newContext({ storageState: state, baseURL: base, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto('/trades');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#main$/);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
  await page.keyboard.type(one.split('/').at(-1));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${one}`);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return true;
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && getComputedStyle(e).outlineStyle !== 'none';
    });
    assert.ok(seen, 'the focus is always to be seen');
  }
  await context.close();
});
