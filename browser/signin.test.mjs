// The stranger's two paths, in a real browser: first day, and every other day.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, bindOn, boundMember, card, decide, firstDesktop, launch, loginOf, member, openOnPhone, signIn } from './people.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

test('first day: password, settlement account, same-person check, then the QR code signs in', async () => {
  const all = await (await fetch(`${base}/sandbox/api/credentials`)).json();
  const merchant = all.merchants.find((m) => m.mchid === '1900000307');
  const who = { ...merchant.members.find((m) => m.role === 'super_admin'), merchant };
  assert.equal(who.bound, false);
  const page = await firstDesktop(browser, loginOf(who), who.initial_password);
  await page.fill('[name=settlement_account]', '6222020000000000000');
  await page.click('[data-form=main] [type=submit]');
  assert.match(await page.textContent('main'), /2 次|两次/, 'a wrong number says how many tries are left');
  await page.fill('[name=settlement_account]', merchant.settlement_account);
  await page.click('[data-form=main] [type=submit]');
  const phone = await bindOn(browser, page, who.person);
  assert.match(await phone.textContent('main'), /绑定完成/);
  await page.waitForFunction(() => /绑定完成/.test(document.body.textContent));

  const desk = await signIn(browser, { ...who, merchant });
  await desk.goto('/trades');
  assert.equal((await desk.locator('h1').textContent()).trim(), '交易订单');
  const again = await browser.newPage({ baseURL: base });
  await again.goto('/login/password');
  await again.fill('[name=login]', loginOf(who));
  await again.fill('[name=password]', who.initial_password);
  await again.click('form:has([name=password]) [type=submit]');
  assert.match(again.url(), /\/login\/password/, 'the password is off after binding');
});

test('a WeChat of another person is refused on both screens', async () => {
  const who = await member('wrongwx');
  const page = await firstDesktop(browser, loginOf(who), who.initial_password);
  const phone = await bindOn(browser, page, who.person);
  assert.match(await phone.textContent('main'), /不一致|不是同一/);
  await page.waitForFunction(() => /不一致|不是同一/.test(document.body.textContent));
  const after = await member('wrongwx');
  assert.equal(after.bound, false);
});

test('every day: the desktop turns over by itself after the phone confirmed', async () => {
  const who = await boundMember('1900000208', 'finance');
  const page = await signIn(browser, who);
  await page.goto('/trades');
  assert.ok((await page.locator('table tbody tr').count()) > 5);
});

test('refused on the phone: the desktop says so and nobody is signed in', async () => {
  const who = await boundMember('1900000208', 'finance');
  const page = await browser.newPage({ baseURL: base });
  await page.goto('/login');
  const { url } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { decision: 'refuse' });
  await page.getByText('已拒绝').first().waitFor();
  await page.goto('/trades');
  assert.match(page.url(), /\/login/);
});

test('a wrong number ends the code on both screens', async () => {
  const who = await boundMember('1900000208', 'service');
  const page = await browser.newPage({ baseURL: base });
  await page.goto('/login');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  const wrong = await phone.$$eval('[name=number]', (all, right) => all.map((r) => r.value).find((v) => v !== right), number);
  await decide(phone, { number: wrong });
  assert.match(await phone.textContent('main'), /作废|数字/);
  await page.getByText(/重新获取/).first().waitFor();
});

test('without JavaScript the page refreshes and one button enters', async () => {
  const who = await boundMember('1900000208', 'operations');
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: base });
  const page = await context.newPage();
  await page.goto('/login');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url, { javaScriptEnabled: false });
  await decide(phone, { number });
  const enter = page.getByRole('button', { name: '进入' });
  await enter.waitFor();
  await enter.click();
  await page.waitForURL((u) => u.pathname === '/');
});
