// A payment's way through the books: not settled yet, settled five minutes later in two rows, and from
// the balance back to the order that made it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, whileClockRests } from './clock.mjs';
import { base, boundMember, launch, signIn } from './people.mjs';

const mchid = '1230000102';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

async function pays(amount) {
  const phone = await (await browser.newContext({ baseURL: base, viewport: { width: 390, height: 844 } })).newPage();
  await phone.goto(`/sandbox/phone/p-zhangmin/pay?mchid=${mchid}`);
  await phone.fill('[name=amount]', amount);
  await phone.click('[data-form=main] [type=submit]');
  await phone.getByText('支付成功').first().waitFor();
  const no = phone.url().split('/').at(-1);
  await phone.context().close();
  return no;
}

const rowsOf = async (page, query) => (await (await page.request.get(`/funds/flow.json?${query}`)).json()).rows;
const main = (page) => page.textContent('main');

/** A payment that is seen before it is settled. */
const paidNow = (page) => whileClockRests(async () => {
  const no = await pays('123.45');
  await page.goto('/trades');
  await page.locator(`a[href="/trades/${no}"]`).first().click();
  await page.getByRole('heading', { name: '资金去向' }).waitFor();
  assert.match(await main(page), /结算时间预计 \d{4}-\d\d-\d\d \d\d:\d\d/);
  const [row, ...others] = await rowsOf(page, `account=UNSETTLED&no=${no}`);
  assert.deepEqual([row.amount, row.direction, others.length], [12345, 'in', 0]);
  await page.goto(`/funds/flow?account=UNSETTLED&no=${no}`);
  assert.equal(await page.locator('tbody tr').count(), 1);
  assert.match(await page.textContent('tbody'), /123\.45/);
  assert.deepEqual(await rowsOf(page, `account=BASIC&no=${no}`), []);
  return no;
});

test('a payment is settled after five minutes, and the balance leads back to it', async () => {
  const page = await signIn(browser, await boundMember(mchid, 'super_admin'));
  const no = await paidNow(page);
  await advance('5m');

  await page.goto(`/funds/flow?no=${no}`);
  const kinds = await page.locator('tbody tr .m1').allTextContents();
  assert.deepEqual(kinds.map((k) => k.trim()).sort(), ['交易', '扣除交易手续费'].sort());
  const rows = await rowsOf(page, `account=BASIC&no=${no}`);
  const [trade, fee] = ['交易', '扣除交易手续费'].map((kind) => rows.find((r) => r.business_type === kind));
  assert.deepEqual([trade.amount, trade.direction, fee.direction, rows.length], [12345, 'in', 'out', 2]);
  assert.equal(trade.flow_no === fee.flow_no, false);
  await page.goto(`/trades/${no}`);
  assert.doesNotMatch(await main(page), /结算时间预计/);

  await page.goto('/funds');
  const figure = page.locator('a[href*="/funds/flow?account=BASIC"]').first();
  const balance = (await figure.textContent()).trim();
  await figure.click();
  await page.waitForURL('**/funds/flow?account=BASIC**');
  const [newest] = await rowsOf(page, 'account=BASIC');
  assert.ok(balance.replaceAll(',', '').includes((newest.balance_after / 100).toFixed(2)), `${balance} is what its newest row leaves`);
  await page.locator(`tbody a[href="/funds/flow/${trade.flow_no}"]`).click();
  await page.waitForURL(`**/funds/flow/${trade.flow_no}`);
  const legs = await main(page);
  for (const shown of ['全部分录', '未结算资金', '基本账户', '123.45', '合计（借贷相等）']) assert.ok(legs.includes(shown), shown);
  await page.getByRole('link', { name: '查看来源单据' }).click();
  await page.waitForURL(`**/trades/${no}`);
});
