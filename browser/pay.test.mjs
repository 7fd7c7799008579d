// A person pays on the phone, and the merchant's people see the order at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, launch, signIn } from './people.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

async function pay({ javaScriptEnabled = true, amount }) {
  const context = await browser.newContext({ baseURL: base, javaScriptEnabled, viewport: { width: 390, height: 800 } });
  const phone = await context.newPage();
  await phone.goto('/sandbox/phone/p-lisiwen/pay');
  await phone.selectOption('select[name=mchid]', '1900000208');
  await phone.fill('input[name=amount]', amount);
  await phone.dblclick('[data-form=main] [type=submit]');
  await phone.waitForURL('**/pay/4200*');
  const text = await phone.textContent('main');
  assert.match(text, /支付成功/);
  assert.doesNotMatch(text, /还没有接受/);
  await context.close();
  return phone.url().split('/').at(-1);
}

async function orders() {
  const { entries } = await (await fetch(`${base}/sandbox/api/channel/book`)).json();
  return entries.filter((e) => e.operation === 'trade').length;
}

test('an impatient double tap pays once, and the order stands in the merchant’s list', async () => {
  const before = await orders();
  const no = await pay({ amount: '37.65' });
  assert.equal(await orders(), before + 1);
  const desk = await signIn(browser, await boundMember('1900000208', 'finance'));
  await desk.goto(`/trades/${no}`);
  assert.match(await desk.textContent('main'), /37\.65/);
});

test('paying works without scripts', async () => {
  const before = await orders();
  await pay({ amount: '0.01', javaScriptEnabled: false });
  assert.equal(await orders(), before + 1);
});

test('a merchant’s number is scanned, and a wrong amount keeps what was typed', async () => {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 390, height: 800 } });
  const phone = await context.newPage();
  await phone.goto('/sandbox/phone/p-lisiwen/scan');
  await phone.fill('input[name=link]', '1900000109');
  await phone.click('[data-form=main] [type=submit]');
  await phone.waitForURL('**/pay?mchid=1900000109');
  await phone.fill('input[name=amount]', '1.234');
  await phone.click('[data-form=main] [type=submit]');
  await phone.getByText('没有付款').waitFor();
  assert.equal(await phone.inputValue('select[name=mchid]'), '1900000109');
  assert.equal(await phone.inputValue('input[name=amount]'), '1.234');
  await context.close();
});
