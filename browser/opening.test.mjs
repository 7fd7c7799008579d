// Money that comes from outside: two operators set an opening balance, each on the own phone; a transfer
// that a member announced arrives and stands in the list and in the fund flow.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, credentials, decide, launch, message, openOnPhone, opsIn, signIn } from './people.mjs';
import { look } from './looks.mjs';

let browser;
let all;
before(async () => { browser = await launch(); all = await credentials(); });
after(async () => { await browser.close(); });

const operator = (role) => all.operators.find((o) => o.role === role);

/** A merchant of its own, opened by the operator, on whose accounts nothing has moved. */
async function opens(page, who, name) {
  await page.goto('/ops/merchants/new');
  const mchid = await page.inputValue('[name=mchid]');
  const person = all.persons.find((p) => p.id === 'p-zhangmin');
  for (const [field, value] of Object.entries({ legal_name: `${name}有限公司`, short_name: name, appid: 'wxd678efh567hg6787', settlement_bank: '杭州银行西湖支行',
    settlement_account: '6222021234567890', name: person.name, id_number: person.id_number, mobile: person.mobile })) await page.fill(`[name=${field}]`, value);
  await page.click('[data-form=main] [type=submit]');
  await page.waitForURL('**/ops/confirmations/**');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
  await page.getByRole('heading', { name: '已完成' }).waitFor();
  await phone.context().close();
  return mchid;
}

test('two operators set an opening balance', async () => {
  const [maker, checker] = [operator('admin'), operator('reviewer')];
  const page = await opsIn(browser, maker);
  const mchid = await opens(page, maker, '期初花店');
  await page.goto(`/ops/merchants/${mchid}`);
  await page.getByRole('link', { name: '查看与登记' }).click();
  await page.fill('[name=amount]', '0');
  await page.fill('[name=document]', '余额确认函 2026-118');
  await page.getByRole('button', { name: '提交并在手机上确认' }).click();
  await page.locator('#amount-err').waitFor(); // refused beside its field, the rest is kept
  assert.equal(await page.inputValue('[name=document]'), '余额确认函 2026-118');
  await page.fill('[name=amount]', '88,888.80');
  await page.getByRole('button', { name: '提交并在手机上确认' }).click();
  await page.waitForURL('**/ops/confirmations/**');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, maker.person, url);
  for (const shown of ['期初花店', '88,888.80 元', '基本账户', '余额确认函 2026-118']) assert.ok((await phone.textContent('main')).includes(shown), shown);
  await decide(phone, { number });
  assert.match(await phone.textContent('main'), /已提交审核/);
  await page.getByRole('heading', { name: /等待审核/ }).waitFor();

  const asked = await message(checker.person, (m) => m.url.includes('/m/approvals/'));
  const answer = await openOnPhone(browser, checker.person, asked.url);
  assert.match(await answer.textContent('main'), /88,888\.80 元/);
  const desk = await opsIn(browser, checker);
  await desk.goto('/ops/approvals?state=waiting');
  assert.match(await desk.textContent('main'), /期初花店/);
  await decide(answer);
  assert.match(await answer.textContent('main'), /已同意并执行/);

  await page.goto(`/ops/merchants/${mchid}/opening`);
  assert.match(await page.textContent('main'), /88,888\.80/);
  assert.match(await page.textContent('main'), /没有可以登记期初余额的账户/);
  const state = await page.context().storageState();
  await look(browser, `/ops/merchants/${mchid}/opening`, { state, baseURL: base });
});

test('a transfer that was announced arrives', async () => {
  const who = await boundMember('1230000102', 'super_admin');
  const page = await signIn(browser, who);
  await page.goto('/funds/top-ups');
  await page.getByRole('link', { name: '登记转账' }).click();
  await page.fill('[name=amount]', '4321.09');
  await page.getByRole('button', { name: '登记转账' }).click();
  await page.getByText('待到账').first().waitFor();
  const path = new URL(page.url()).pathname;
  const state = await page.context().storageState();
  await look(browser, path, { state, baseURL: base });
  await page.getByRole('button', { name: '模拟到账' }).click();
  await page.getByText('已到账').first().waitFor();
  assert.equal(new URL(page.url()).pathname, path);
  await look(browser, path, { state, baseURL: base });
  const { rows } = await (await page.request.get('/funds/top-ups.json')).json();
  assert.equal(rows[0].amount, 432109);
  assert.equal(rows[0].status, 'ARRIVED');
  const flow = await (await page.request.get('/funds/flow.json')).json();
  assert.ok(flow.rows.some((r) => r.flow_no === rows[0].flow_no && r.business_type === '充值' && r.amount === 432109), 'it stands in the fund flow');
  await page.locator(`a[href="/funds/flow/${rows[0].flow_no}"]`).first().click();
  assert.match(await page.textContent('main'), /4,321\.09/);
  const told = await message(who.person, (m) => m.title.includes('充值到账'));
  assert.match(JSON.stringify(told.fields), /4,321\.09 元/);
  await look(browser, '/funds/alerts/BASIC', { state, baseURL: base });
});

test('the bank answers a script once the money is booked', async () => {
  const sent = await fetch(`${base}/sandbox/api/topups`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mchid: '1900000109', account: 'AVAILABLE', amount: 500 }) });
  assert.equal(sent.status, 200);
  const got = await sent.json();
  assert.equal(got.amount, 500);
  assert.match(got.topup_no, /^1900000109\d{18}$/);
  const refused = await fetch(`${base}/sandbox/api/topups`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mchid: '1900000109', account: 'BASIC', amount: 500 }) });
  assert.equal(refused.status, 422);
});
