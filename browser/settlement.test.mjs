// How a legacy merchant's days come to its bank: a weekend's in one batch on Monday, and what comes back
// is paid again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, advanceTo, clock, dayAfter, dayOf, fault, oddDays, payments, weekday } from './clock.mjs';
import { base, boundMember, card, decide, launch, message, openOnPhone, signIn } from './people.mjs';

const mchid = '1900000109';
const payer = 'p-zhangmin';

let browser;
let who;
let page; // of a session that idles by wall time only: days may pass
let friday;
before(async () => {
  browser = await launch();
  who = await boundMember(mchid, 'super_admin');
  page = await signIn(browser, who);
});
after(async () => {
  await fault({ operation: 'settlement', outcome: 'success' });
  await browser.close();
});

const main = () => page.textContent('main');
const text = (fen) => (fen / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d)\.)/g, ',');

async function line(day) {
  const { rows } = await (await page.request.get(`/funds/settlements.json?from=${day}&to=${day}`)).json();
  assert.equal(rows.length, 1, `one line of ${day}`);
  assert.equal(rows[0].net, rows[0].gross - rows[0].refunds - rows[0].fee, 'gross − refunds − fee = net');
  return rows[0];
}

/** What the list shows of the day must be what programs are told. */
async function shown(day, state) {
  const told = await line(day);
  await page.goto(`/funds/settlements?from=${day}&to=${day}`);
  const row = page.locator('tbody tr').first();
  const cells = (await row.locator('.num').allTextContents()).map((c) => c.trim());
  assert.deepEqual(cells, [String(told.count), ...[told.gross, told.refunds, told.fee, told.net].map(text)]);
  assert.ok((await row.textContent()).includes(state), `${state} in “${await row.textContent()}”`);
  return told;
}

/** A Friday that is so far off that no weekly settlement of the seed is left for the days after it, and with
 * no holiday in them. */
async function toFriday() {
  const today = dayOf((await clock()).now);
  let day = dayAfter(today, 4 + ((5 - weekday(dayAfter(today, 4)) + 7) % 7));
  const year = Number(day.slice(0, 4));
  const odd = new Set([...(await oddDays(browser, year)), ...(await oddDays(browser, year + 1))]);
  while ([0, 1, 2, 3, 4, 5, 6].some((n) => odd.has(dayAfter(day, n)))) day = dayAfter(day, 7);
  await advanceTo(day, '12:00:00');
  return day;
}

test('a weekend’s days go to the bank on Monday, a line each', async () => {
  friday = await toFriday();
  const days = [friday, dayAfter(friday, 1), dayAfter(friday, 2)];
  const [monday, taken] = [dayAfter(friday, 3), [[1580, 3], [990, 2], [20000, 1]]];
  for (const [i, day] of days.entries()) {
    await advanceTo(day, '12:00:00');
    await payments(mchid, ...taken[i], payer);
  }
  await advanceTo(monday, '08:00:00');
  const { rows: early } = await (await page.request.get(`/funds/settlements.json?from=${friday}&to=${monday}`)).json();
  assert.deepEqual(early, [], 'nothing is settled on a weekend');

  await advanceTo(monday, '09:00:30');
  for (const [i, day] of days.entries()) {
    const told = await shown(day, '银行处理中');
    assert.deepEqual([told.count, told.gross, told.refunds, told.pay_day], [taken[i][1], taken[i][0] * taken[i][1], 0, monday]);
    assert.ok(told.fee > 0);
  }
  await advance('2m');
  for (const day of days) await shown(day, '已到账');
  const { entries } = await (await fetch(`${base}/sandbox/api/channel/book`)).json();
  for (const day of days) {
    const told = await line(day);
    assert.equal(entries.filter((e) => JSON.stringify(e).includes(told.bank_no) && JSON.stringify(e).includes(String(told.net))).length, 1, `the bank paid ${day} once`);
  }
  await payments(mchid, 123456, 2, payer);
});

/** Lets the bank send the next settlement back. */
async function comesBack(day, payDay) {
  await fault({ operation: 'settlement', outcome: 'bank_return', delay: '2h', times: 1 });
  await advanceTo(payDay, '09:00:30');
  await shown(day, '银行处理中');
  await advance('2h2m');
  await shown(day, '已到账');
  await advance('2h');
  const told = await shown(day, '已退票');
  assert.match(told.reason, /银行退回/);
  await page.goto(`/funds/settlements/${day}`);
  assert.ok((await main()).includes(told.reason));
  assert.ok((await main()).includes(text(told.net)));
  return told;
}

test('what the bank sends back is told, waits at home, and is paid again', async () => {
  const [monday, tuesday] = [dayAfter(friday, 3), dayAfter(friday, 4)];
  const told = await comesBack(monday, tuesday);
  const sent = await message(who.person, (m) => m.title === '结算付款被银行退回' && m.fields['交易日'] === monday);
  assert.equal(sent.fields['金额(元)'], text(told.net));
  assert.equal(sent.fields['原因'], told.reason);
  await page.goto('/inbox');
  assert.match(await main(), new RegExp(`${monday} 的结算款 ${text(told.net)} 元`));
  await page.goto('/');
  await page.getByText(`${monday} 的结算款 ${text(told.net)} 元未能付到银行卡`).waitFor();
  await page.locator(`main a[href="/funds/settlements/${monday}"]`).last().click();
  await page.waitForURL(`**/funds/settlements/${monday}`);
  await page.getByRole('button', { name: '重新付款' }).click();
  await page.getByText('已安排重新付款').waitFor();
  await advance('2m');
  const again = await shown(monday, '已到账');
  assert.notEqual(again.bank_no, told.bank_no);
  assert.equal(again.net, told.net);
  await page.goto('/');
  assert.doesNotMatch(await main(), /未能付到银行卡/);
  await payments(mchid, 5000, 1, payer);
});

test('a checked new card receives what came back', async () => {
  const [tuesday, wednesday] = [dayAfter(friday, 4), dayAfter(friday, 5)];
  const told = await comesBack(tuesday, wednesday);
  await page.goto('/account/merchant/card');
  await page.fill('[name=bank]', '招商银行厦门分行');
  for (const name of ['account', 'account_again']) await page.fill(`[name=${name}]`, '6217001234567896789');
  await page.click('[data-form=main] [type=submit]');
  await page.waitForURL('**/confirmations/*');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
  await page.waitForFunction(() => document.querySelector('a[href="/account/merchant"].btn'));
  await phone.context().close();
  await advance('2m');

  await page.goto('/sandbox/bank');
  const check = await page.locator('tbody tr', { hasText: '6217001234567896789' }).first().locator('.num').textContent();
  await page.goto('/account/merchant');
  assert.match(await main(), /验证款已到账/);
  await page.fill('[name=amount]', check.trim() === '0.99' ? '0.98' : '0.99');
  await page.getByRole('button', { name: '核对金额' }).click();
  assert.match(await main(), /金额不对/);
  await page.fill('[name=amount]', check.trim());
  await page.getByRole('button', { name: '核对金额' }).click();
  await page.getByText('新结算银行卡已启用').first().waitFor();
  assert.equal((await shown(tuesday, '待付款')).pay_day, dayAfter(wednesday, 1));
  await advance('23h');
  await shown(tuesday, '待付款'); // for a day nothing is paid to a new card
  await advance('1h10m');
  const again = await shown(tuesday, '已到账');
  assert.notEqual(again.bank_no, told.bank_no);
  await page.goto(`/funds/settlements/${tuesday}`);
  assert.match(await main(), /招商银行厦门分行.*6789/s);
});
