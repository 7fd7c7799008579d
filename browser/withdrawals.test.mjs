// How money goes to a merchant's bank: by hand with a preview and the phone, what the bank does not pay or
// sends back, and by itself every morning.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, advanceTo, clock, dayAfter, dayOf, fault } from './clock.mjs';
import { look } from './looks.mjs';
import { base, boundMember, card, decide, launch, message, openOnPhone, signIn } from './people.mjs';

const mchid = '1900000208';

let browser;
let who;
let page;
before(async () => {
  browser = await launch();
  who = await boundMember(mchid, 'super_admin');
  page = await signIn(browser, who);
});
after(async () => {
  await fault({ operation: 'payout', outcome: 'success' });
  await browser.close();
});

const rows = async (query = '') => (await (await page.request.get(`/funds/withdrawals.json${query}`)).json()).rows;
const basic = async () => (await (await page.request.get('/funds.json')).json()).rows.find((r) => r.account === 'BASIC').balance;
const main = () => page.textContent('main');

/** Says yes on the phone to what the desktop asks. */
async function confirmed() {
  await page.waitForURL(/confirmations/);
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  const shown = await phone.textContent('body');
  await decide(phone, { number });
  await phone.waitForLoadState();
  await phone.context().close();
  return shown;
}

/** Withdraws by hand and gives the newest row. */
async function withdraw(amount) {
  await page.goto('/funds/withdrawals/new');
  await page.fill('[name=amount]', amount);
  await page.fill('[name=bank_memo]', '货款');
  await page.locator('main form[data-form=main] button').last().click();
  await page.waitForSelector('text=账户变化');
  const preview = await main();
  await page.locator('main form[data-form=main] button').last().click();
  const phone = await confirmed();
  const [row] = await rows();
  return { row, preview, phone };
}

test('by hand: preview, phone, result, and a line of the books', async () => {
  const had = await basic();
  const { row, preview, phone } = await withdraw('12345.67');
  for (const text of [preview, phone]) {
    assert.match(text, /12,345\.67/);
    assert.match(text, /壹万贰仟叁佰肆拾伍元陆角柒分/);
    assert.match(text, /尾号 \d{4}/);
  }
  assert.match(preview, /预计 \d\d-\d\d/);
  assert.deepEqual(Object.keys(row), ['withdraw_id', 'out_request_no', 'status', 'amount', 'account_type', 'reason', 'create_time', 'update_time']);
  assert.deepEqual([row.amount, row.account_type, await basic()], [1234567, 'BASIC', had - 1234567]);
  await advance('2m');
  assert.equal((await rows())[0].status, 'SUCCESS');
  await page.goto(`/search?q=${row.withdraw_id}`);
  assert.equal(new URL(page.url()).pathname, `/funds/withdrawals/${row.withdraw_id}`);
  assert.match(await main(), /提现成功/);
  await look(browser, new URL(page.url()).pathname, { state: await page.context().storageState(), baseURL: base });
  await page.locator('main a[href^="/funds/flow/"]').first().click();
  assert.match(await main(), /12,345\.67/);
  assert.ok(await message(who.person, (m) => m.template === 'withdrawal_paid'));
});

test('what the bank does not pay comes back with the reason', async () => {
  const had = await basic();
  await fault({ operation: 'payout', outcome: 'fail', times: 1 });
  const { row } = await withdraw('100.00');
  await advance('2m');
  const [now] = await rows();
  assert.deepEqual([now.withdraw_id, now.status, await basic()], [row.withdraw_id, 'FAIL', had]);
  assert.ok(now.reason);
  await page.goto(`/funds/withdrawals/${row.withdraw_id}`);
  assert.match(await main(), /提现失败/);
  assert.equal(await page.locator('main a[href^="/funds/flow/"]').count(), 2, 'the line that took it and the line that brought it back');
});

test('what the bank sends back after success returns, and what contradicts changes nothing', async () => {
  const had = await basic();
  await fault({ operation: 'payout', outcome: 'bank_return', times: 1 });
  const { row } = await withdraw('200.00');
  await advance('2m');
  assert.equal((await rows())[0].status, 'SUCCESS');
  await advance('3h');
  assert.deepEqual([(await rows())[0].status, await basic()], ['REFUND', had]);
  await page.goto(`/funds/withdrawals/${row.withdraw_id}`);
  assert.match(await main(), /提现退票/);

  await fault({ operation: 'payout', outcome: 'success', contradict: 1, timeout_after_effect: 1, times: 1 });
  await withdraw('300.00');
  await advance('2h');
  assert.deepEqual([(await rows())[0].status, await basic()], ['SUCCESS', had - 30000]);
  const { entries } = await (await fetch(`${base}/sandbox/api/channel/book`)).json();
  const paid = entries.filter((e) => e.operation === 'payout' && e.mchid === mchid && e.amount === 30000);
  assert.deepEqual(paid.map((e) => e.effects), [1], 'paid once, although nobody answered');
});

test('every morning takes the day’s end less what is retained, once', async () => {
  const today = dayOf((await clock()).now);
  await advanceTo(dayAfter(today, 1), '12:00:00');
  page = await signIn(browser, who);
  const had = await basic();
  await page.goto('/funds/withdrawals/automatic');
  assert.match(await main(), /还没有开通/);
  await page.click('text=去产品中心');
  await page.check('#consent');
  await page.locator('form[data-form=main] button').click();
  await confirmed();
  await page.goto('/funds/withdrawals/automatic');
  await page.check('[name=status][value=on]');
  await page.fill('[name=retain_amt]', '5000');
  await page.locator('main form[data-form=main] button').last().click();
  await confirmed();
  await page.goto('/funds/withdrawals/automatic');
  assert.match(await main(), /将提现/);
  await look(browser, '/funds/withdrawals/automatic', { state: await page.context().storageState(), baseURL: base });
  const before = (await rows('?kind=automatic')).length;
  await advanceTo(dayAfter(today, 2), '08:31:00');
  const [run] = await rows('?kind=automatic');
  assert.ok(run.amount > 0 && (await basic()) >= 500000, `${run.amount} of ${had}`);
  assert.equal((await rows('?kind=automatic')).length, before + 1);
  await advanceTo(dayAfter(today, 2), '23:00:00');
  assert.equal((await rows('?kind=automatic')).length, before + 1, 'once a day');
});
