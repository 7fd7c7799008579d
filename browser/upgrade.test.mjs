// The account upgrade, from the entry on the first page to what it unlocks; who is outside sees no trace. It changes
// 老王面馆 for good, so that it has to run behind all stories that need it as it was: run.mjs leaves it to the end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { advance, advanceTo, clock, dayAfter, dayOf, fault, nextWorkday, payments } from './clock.mjs';
import { root } from './demo.mjs';
import { look } from './looks.mjs';
import { base, bindOn, boundMember, card, credentials, decide, firstDesktop, launch, loginOf, openOnPhone, signIn, soon } from './people.mjs';

const mchid = '1900000109';

let browser;
let who;
let page;
let other; // the same person's second tab
before(async () => {
  browser = await launch();
  who = await boundMember(mchid, 'super_admin');
  page = await signIn(browser, who);
  other = await page.context().newPage();
});
after(async () => {
  await fault({ operation: 'settlement', outcome: 'success' });
  await browser.close();
});

/** Fails with what `zhanggui verify` holds against the demo's data. */
function sound() {
  const { stdout } = spawnSync(join(root, 'bin/zhanggui'), ['verify', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const said = JSON.parse(stdout);
  assert.ok(said.ok, JSON.stringify(said.checks.filter((c) => !c.ok)));
}

/** What a page says, but for the moment that its watermark tells. */
const main = async (p = page) => (await p.textContent('main')).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '');

async function confirmed(p, meanwhile = () => {}) {
  await p.waitForURL('**/confirmations/*');
  const { url, number } = await card(p);
  const phone = await openOnPhone(browser, who.person, url);
  await Promise.all([meanwhile(), decide(phone, { number })]);
  await p.waitForFunction(() => document.querySelector('a.btn[href="/upgrade"]'));
  await phone.context().close();
}

test('who is outside the rollout sees no trace, and is refused like for a page that is not there', async () => {
  const outside = await signIn(browser, await boundMember('1230000103', 'super_admin'));
  await outside.goto('/');
  assert.doesNotMatch(await outside.content(), /账户升级|\/upgrade/);
  const nowhere = await outside.goto('/no-page-at-all');
  const [said, status] = [await main(outside), nowhere.status()];
  assert.equal((await outside.goto('/upgrade')).status(), status);
  assert.equal(status, 404);
  assert.equal(await main(outside), said);
  const posted = await outside.request.post('/upgrade', { form: { consent: '1' }, headers: { origin: base } });
  assert.equal(posted.status(), 404);
  await outside.context().close();
});

test('a merchant settled after seven days sees no trace either', async () => {
  const weekly = (await credentials()).merchants.find((m) => m.mchid === '1900000307');
  const boss = { ...weekly.members.find((m) => m.role === 'super_admin'), merchant: weekly };
  if (!boss.bound) { // another story may have bound it
    const first = await firstDesktop(browser, loginOf(boss), boss.initial_password);
    await first.fill('[name=settlement_account]', weekly.settlement_account);
    await first.click('[data-form=main] [type=submit]');
    await bindOn(browser, first, boss.person);
  }
  const desk = await signIn(browser, boss);
  assert.doesNotMatch(await desk.content(), /账户升级|\/upgrade/);
  assert.equal((await desk.goto('/upgrade')).status(), 404);
  const posted = await desk.request.post('/upgrade', { form: { consent: '1' }, headers: { origin: base } });
  assert.equal(posted.status(), 404);
  await desk.context().close();
});

test('of an included merchant only the super admin is offered it', async () => {
  const clerk = await signIn(browser, await boundMember(mchid, 'service'));
  await clerk.goto('/');
  assert.equal(await clerk.locator('a[href="/upgrade"]').count(), 0);
  assert.equal((await clerk.goto('/upgrade')).status(), 403);
  assert.match(await main(clerk), /超级管理员/);
  await clerk.context().close();
});

test('every step of the guide stands at every width, in both themes, and without JavaScript', async () => {
  const state = await page.context().storageState();
  for (const path of ['/', '/upgrade', '/upgrade?step=payout', '/upgrade?step=flight&retain_amt=x', '/upgrade?step=flight', '/upgrade?step=agreement'])
    await look(browser, path, { state, baseURL: base });
  const context = await browser.newContext({ storageState: state, baseURL: base, javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto('/');
  await plain.click('.banner a[href="/upgrade"]');
  await plain.click('[data-form=main] [type=submit]');
  await plain.fill('[name=retain_amt]', '1,000');
  await plain.click('[data-form=main] [value=flight]');
  assert.match(await plain.textContent('main'), /可用余额/);
  await plain.click('[data-form=main] a.btn');
  assert.equal(await plain.inputValue('[name=retain_amt]'), '1,000');
  await context.close();
});

async function toAgreement(p, retained) {
  await p.goto('/');
  await p.click('.banner a[href="/upgrade"]');
  await p.click('[data-form=main] [type=submit]');
  await p.fill('[name=retain_amt]', '12.345');
  await p.click('[data-form=main] [value=flight]');
  await p.locator('#retain_amt[aria-invalid=true]').waitFor();
  assert.equal(await p.inputValue('[name=retain_amt]'), '12.345');
  await p.fill('[name=retain_amt]', retained);
  await p.click('[data-form=main] [value=flight]');
  await p.getByText('升级时在途的资金').first().waitFor();
  await p.click('[data-form=main] [type=submit]');
  assert.equal(await p.isChecked('[name=consent]'), false);
}

let line; // of the batch that the bank works on
const settled = async (day = line) => (await (await page.request.get(`/funds/settlements.json?from=${day}&to=${day}`)).json()).rows[0];

test('the guide counts what is in flight: a batch at the bank, a refund of a bill, a transfer that was announced', async () => {
  line = dayOf((await clock()).now);
  await payments(mchid, 5000, 2, 'p-zhangmin');
  await fault({ operation: 'settlement', outcome: 'success', delay: '72h' });
  for (let days = 1; !(await settled()); days++) await advanceTo(dayAfter(line, days), '09:00:30'); // the next working day
  page = await signIn(browser, who);
  other = await page.context().newPage();
  const days = ['2026-11-18', '2026-11-19']; // a refund of the second is abnormal, and waits
  const nameOf = (day) => `before-the-upgrade-${day}.csv`; // bills of the usual name are there already
  for (const day of days) {
    const buffer = readFileSync(join(root, `internal/trade/testdata/bills/tradebill-${mchid}-${day}.csv`));
    await page.request.post('/trades/imports', { multipart: { file: { name: nameOf(day), mimeType: 'text/csv', buffer } } });
  }
  await soon('the end of the import', async () => {
    const { rows } = await (await page.request.get('/trades/imports.json')).json();
    return days.every((day) => rows.some((r) => r.file_name === nameOf(day) && r.state === 'done'));
  });
  await page.goto('/funds/top-ups/new');
  await page.fill('[name=amount]', '88.00');
  await page.locator('main [data-form=main] button').last().click();
  await page.waitForURL(/\/funds\/top-ups\/\d+/);
  await page.goto('/upgrade?step=flight');
  const [amount, count] = [0, 1].map((cell) => async (item) => Number((await page.locator('tbody tr', { hasText: item }).locator('td').nth(cell).textContent()).replaceAll(',', '')));
  const there = await main();
  assert.ok(await count('已付往银行的结算款') >= 1 && await amount('已付往银行的结算款') > 0, there);
  assert.ok(await amount('退款途中') > 0, there);
  assert.deepEqual([await count('已登记、未到账的充值'), await amount('已登记、未到账的充值')], [1, 88]);
  await look(browser, '/upgrade?step=flight', { state: await page.context().storageState(), baseURL: base });
  sound();
});

let cut; // the day whose line is cut while the upgrade is confirmed

test('two tabs come to one upgrade in the middle of a cut, and it unlocks three pages', async () => {
  cut = dayOf((await clock()).now);
  await payments(mchid, 1500, 500, 'p-zhangmin');
  await advanceTo(await nextWorkday(browser, cut), '08:59:00');
  page = await signIn(browser, who);
  other = await page.context().newPage();
  await toAgreement(page, '100');
  await toAgreement(other, '200');
  for (const p of [page, other]) {
    await p.check('[name=consent]');
    await p.click('[data-form=main] [type=submit]:not([name=step])');
  }
  await confirmed(page, () => advance('2m')); // the cut is at nine
  const { url, number } = await card(other);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
  assert.match(await phone.textContent('main'), /账户已经升级，当时选择的是：自动提现，留存 100\.00 元/, 'the second tab chose otherwise, and is told');
  await phone.context().close();
  await page.goto('/upgrade');
  assert.match(await main(), /账户升级完成/);
  assert.match(await main(), /自动提现，留存 100\.00 元/, 'the first tab’s choice');
  await look(browser, '/upgrade', { state: await page.context().storageState(), baseURL: base });
  const hrefs = await page.locator('#unlocked ~ ul a.btn').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  const links = hrefs.length ? hrefs : await page.locator('main ul.todo a.btn').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.equal(links.length, 3);
  for (const href of links) assert.equal((await page.goto(href)).status(), 200, href);
  await page.goto('/');
  assert.equal(await page.locator('a[href="/upgrade"]').count(), 0, 'the entry is gone');
  const letter = await page.request.get('/upgrade/agreement');
  assert.match(letter.headers()['content-disposition'], /^attachment/);
  assert.match(await letter.text(), /新资金账户升级协议[\s\S]*admin01@1900000109/);
  await page.goto('/inbox');
  assert.match(await main(), /账户已升级为新资金账户/);
});

test('a payment afterwards settles to the basic account', async () => {
  const [{ transaction_id: no }] = await payments(mchid, 2600, 1, 'p-zhangmin');
  await advance('6m');
  const { rows } = await (await page.request.get(`/funds/flow.json?account=BASIC&no=${no}`)).json();
  assert.deepEqual(rows.map((r) => [r.account, r.business_type, r.direction, r.amount]).sort(),
    [['BASIC', '交易', 'in', 2600], ['BASIC', '扣除交易手续费', 'out', 10]].sort());
  await page.goto('/funds/settlements');
  assert.match(await main(), /已结算/);
});

test('what was in flight runs out, or comes to the basic account', async () => {
  sound();
  const { rows: before } = await (await page.request.get('/funds.json')).json();
  assert.ok(!before.some((r) => r.account === 'AVAILABLE' && r.balance), 'nothing is left where money cannot be any more');
  const basic = async () => (await (await page.request.get('/funds.json')).json()).rows.find((r) => r.account === 'BASIC').balance;
  const had = await basic();
  const arrived = await page.request.post('/sandbox/api/topups', { data: { mchid, account: 'AVAILABLE', amount: 8800 } });
  assert.equal(arrived.status(), 200);
  assert.equal(await basic(), had + 8800, 'sent to the account that was, it is on the one that is');
  await page.goto('/funds/top-ups');
  assert.match(await page.locator('tbody tr', { hasText: '88.00' }).first().textContent(), /基本账户/);
  await advance('72h');
  page = await signIn(browser, who);
  assert.equal((await settled()).state, 'paid', 'the batch at the bank ran out');
  const last = await settled(cut); // none where the upgrade was before it: then each order went its own way
  assert.ok(!last || last.state === 'paid', JSON.stringify(last));
  sound();
});

test('a second time is the first one', async () => {
  page = await signIn(browser, who);
  await page.goto('/upgrade');
  assert.match(await main(), /账户升级完成/);
  assert.equal(await page.locator('main form[data-form=main]').count(), 0);
  assert.match(await (await page.goto('/upgrade?step=agreement')).text(), /账户升级完成/);
  sound();
});
