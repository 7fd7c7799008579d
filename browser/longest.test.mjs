// Full lists and longest names: two hundred rows of the longest values a bill, a file, a merchant and a
// saved view may have, and the pages that show them hold.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from './demo.mjs';
import { look } from './looks.mjs';
import { base, boundMember, card, decide, launch, openOnPhone, signIn, soon } from './people.mjs';

const provider = '1230000001';
const subs = ['1230000101', '1230000102', '1230000103'];
const rows = 200;
const day = '2026-11-05';
const orders = `/trades?from=${day}&to=${day}&size=100`;
const name = '长'.repeat(64);
const fileName = `${'账'.repeat(120)}${'W'.repeat(131)}.csv`;
const header = readFileSync(join(root, 'internal/trade/testdata/bills/tradebill-1230000001-2026-11-20.csv'), 'utf8').replace(/^\uFEFF/, '').split(/\r?\n/);

/** A bill of so many rows, every field as long as it may be. */
function bill(count) {
  const digits = (i, length) => String(i).padStart(length, '4');
  const lines = Array.from({ length: count }, (_, i) => [
    `${day} 23:59:59`, 'w'.repeat(64), provider, subs[i % subs.length], 'P'.repeat(64), digits(i, 64), `W${digits(i, 63)}`, 'o'.repeat(64),
    'T'.repeat(32), i % 2 ? 'SUCCESS' : 'S'.repeat(32), 'B'.repeat(32), 'CNY', '99999999.99', '0.00', '0', '0', '0.00', '0.00', '', '',
    i % 2 ? '货'.repeat(128) : 'M'.repeat(256), 'a'.repeat(512), '600000.00000', '0.60%', '99999999.99', '0.00', '费'.repeat(32)].join(',`'));
  const sum = (fen) => `${(BigInt(fen) * BigInt(count)) / 100n}.${String((BigInt(fen) * BigInt(count)) % 100n).padStart(2, '0')}`;
  const own = [count, sum(9999999999), '0.00', '0.00', `${sum(60000000)}000`, sum(9999999999), '0.00'].join(',`');
  return Buffer.from([header[0], ...lines.map((l) => `\`${l}`), header.at(-3), `\`${own}`, ''].join('\n'));
}

let browser;
let state;
let page;

async function upload(buffer) {
  const answer = await page.request.post('/trades/imports', { multipart: { file: { name: fileName, mimeType: 'text/csv', buffer } } });
  assert.equal(answer.status(), 200);
  return new URL(answer.url()).pathname;
}

const waitForImports = () => soon('the end of the imports', async () => {
  const { rows: listed } = await (await page.request.get('/trades/imports.json')).json();
  return listed.every((r) => r.state === 'done' || r.state === 'refused') && listed;
});

async function rename(who) {
  await page.goto('/account/merchant/profile');
  await page.fill('[name=short_name]', name);
  await page.click('[data-form=main] [type=submit]');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
  await phone.getByText('已确认并执行').waitFor();
  await phone.context().close();
}

let imported;
before(async () => {
  browser = await launch();
  const who = await boundMember(provider, 'super_admin');
  page = await signIn(browser, who);
  imported = await upload(bill(rows));
  const [first] = await waitForImports();
  assert.deepEqual([first.state, first.new_trades], ['done', rows]);
  for (let i = 0; i < rows; i++) await upload(bill(0));
  await waitForImports();
  assert.ok((await page.request.post('/views', { form: { list: 'trades', name, query: orders.split('?')[1] } })).ok());
  await rename(who);
  state = await page.context().storageState();
});
after(async () => { await browser.close(); });

async function following(path) {
  await page.goto(path);
  return (await page.getByRole('link', { name: '下一页' }).getAttribute('href'));
}

describe('full lists and longest names', () => {
  for (const path of [orders, '/', '/trades/imports', '/inbox', '/account/audit?size=100', '/account/merchant', '/account/profile', '/account/members', `/search?q=W${'4'.repeat(63)}`])
    test(path, () => look(browser, path, { state, baseURL: base }));
  for (const path of [orders, '/trades/imports', '/inbox'])
    test(`the page after ${path}`, async () => look(browser, await following(path), { state, baseURL: base }));
  test('one order', async () => {
    await page.goto(orders);
    await look(browser, await page.locator('tbody a').first().getAttribute('href'), { state, baseURL: base });
  });
  test('one import', () => look(browser, imported, { state, baseURL: base }));
});
