// The account upgrade, from the entry on the first page to what it unlocks; who is outside sees no trace. It changes
// 老王面馆 for good, so that it has to run behind all stories that need it as it was: run.mjs leaves it to the end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, payments } from './clock.mjs';
import { look } from './looks.mjs';
import { base, boundMember, card, decide, launch, openOnPhone, signIn } from './people.mjs';

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
after(async () => { await browser.close(); });

/** What a page says, but for the moment that its watermark tells. */
const main = async (p = page) => (await p.textContent('main')).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '');

async function confirmed(p) {
  await p.waitForURL('**/confirmations/*');
  const { url, number } = await card(p);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
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

test('two tabs come to one upgrade, and it unlocks three pages', async () => {
  await payments(mchid, 1500, 1, 'p-zhangmin');
  await toAgreement(page, '100');
  await toAgreement(other, '200');
  for (const p of [page, other]) {
    await p.check('[name=consent]');
    await p.click('[data-form=main] [type=submit]:not([name=step])');
  }
  await confirmed(page);
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
