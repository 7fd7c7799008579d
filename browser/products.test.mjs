// How a super admin opens the operations account, what staff see of it, and how money gets there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, credentials, decide, launch, openOnPhone, signIn } from './people.mjs';
import { look } from './looks.mjs';

const mchid = '1230000102'; // upgraded, without an operations account
let browser;
let admin;
let page;
before(async () => {
  browser = await launch();
  admin = await boundMember(mchid, 'super_admin');
  page = await signIn(browser, admin);
});
after(async () => { await browser.close(); });

/** Confirms what the desktop shows on the person's phone, and follows to the result. */
async function confirmed(person) {
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, person, url);
  await decide(phone, { number });
  await phone.getByText('已确认并执行').waitFor();
  await phone.context().close();
  await page.getByText('已完成').first().waitFor();
}

const balanceOf = async (account) => {
  const { rows } = await (await page.request.get('/funds.json')).json();
  return rows.find((r) => r.account === account)?.balance ?? 0;
};

test('staff see what the product is and who can open it', async () => {
  const { merchants } = await credentials();
  const staff = merchants.find((m) => m.mchid === mchid).members.find((m) => m.bound && m.role !== 'super_admin');
  const desk = await signIn(browser, { ...staff, merchant: { mchid } });
  await desk.goto('/products/operation_account');
  assert.match(await desk.textContent('main'), /只有超级管理员/);
  assert.equal(await desk.locator('#consent').count(), 0);
  await desk.context().close();
});

test('the super admin signs the agreement, and the account is open once the phone said yes', async () => {
  await page.goto('/products');
  await page.locator('#product-operation_account').getByText('开通运营账户').click();
  await page.waitForURL('**/products/operation_account');
  assert.equal(await page.locator('#consent').isChecked(), false, 'consent is never ticked for somebody');
  await page.check('#consent');
  await page.locator('form[data-form=main] button').click();
  await confirmed(admin.person);
  await page.goto('/products/operation_account');
  assert.match(await page.locator('.page-head').textContent(), /已开通/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  assert.match(download.suggestedFilename(), /运营账户服务协议/);
});

test('money is moved to it after a preview, and the account shows what came', async () => {
  await fetch(`${base}/sandbox/api/topups`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mchid, account: 'BASIC', amount: 500000 }) });
  await fetch(`${base}/sandbox/api/topups`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mchid, account: 'OPERATION', amount: 100000 }) });
  const [basic, operation] = [await balanceOf('BASIC'), await balanceOf('OPERATION')];
  await page.goto('/products/operation_account/account');
  await page.locator('.page-head').getByText('从基本账户划入').click();
  await page.fill('#amount', '2,000.00');
  await page.fill('#note', '活动备用金');
  await page.locator('form[data-form=main] button').click();
  assert.match(await page.textContent('main'), /还没有扣款/);
  await page.locator('form[data-form=main] button').click();
  await confirmed(admin.person);
  assert.equal(await balanceOf('OPERATION'), operation + 200000);
  assert.ok(await balanceOf('BASIC') <= basic, 'what the trades bring may come between'); // settled trades may add
  await page.goto('/funds/transfers');
  await page.locator('tbody tr').first().locator('a').click();
  assert.match(await page.textContent('main'), /2,000\.00/);
  await page.goto('/products/operation_account/account');
  assert.match(await page.textContent('#budget ~ *, main'), /本月还没有运营支出|净支出/);
});

test('an account that is short is named with the ways out', async () => {
  await page.goto('/funds/transfers/preview?direction=to_basic&amount=700000000');
  const banner = await page.locator('.banner-fail').first().textContent();
  assert.match(banner, /运营账户余额不足/);
  assert.match(banner, /充值/);
});

test('its pages fit every width and both themes', async () => {
  const state = await page.context().storageState();
  for (const path of ['/products', '/products/operation_account', '/products/operation_account/account', '/funds/transfers', '/funds/transfers/new',
    '/funds/transfers/preview?direction=to_operation&amount=1', '/funds/transfers/preview?direction=x&amount=y']) await look(browser, path, { state, baseURL: base });
});
