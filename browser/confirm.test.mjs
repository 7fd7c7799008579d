// A sensitive change goes over the asker's phone, and where the merchant wants it, over a second person's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, decide, launch, message, openOnPhone, signIn } from './people.mjs';

const shop = '1230000101';
const profile = '/account/merchant/profile';
const rule = '/account/approvals/rules/merchant.profile';

let browser;
let owner;
let finance;
before(async () => {
  browser = await launch();
  owner = await boundMember(shop, 'super_admin');
  finance = await boundMember(shop, 'finance');
});
after(async () => { await browser.close(); });

const said = (page, words) => page.waitForFunction((w) => document.body.innerText.includes(w), words);

async function askFor(page, name) {
  await page.goto(profile);
  await page.fill('[name=short_name]', name);
  await page.click('[data-form=main] [type=submit]');
  await page.waitForURL('**/confirmations/*');
}

/** Confirms what the desktop shows on the person's phone, and returns that phone. */
async function confirmOn(page, person, options) {
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, person, url, options);
  await decide(phone, { number });
  return phone;
}

test('what the desktop asks, the phone shows; the desktop turns over by itself', async () => {
  const page = await signIn(browser, owner);
  await askFor(page, '青禾茶饮一店');
  const { url, number } = await card(page);
  const other = await openOnPhone(browser, finance.person, url);
  assert.match(await other.textContent('main'), /只有其本人绑定的微信可以确认/);
  await said(page, '另一个微信扫描了这个二维码');
  const phone = await openOnPhone(browser, owner.person, url);
  assert.match(await phone.textContent('main'), /青禾茶饮一店/);
  await said(page, '已扫码');
  await decide(phone, { number });
  assert.match(await phone.textContent('main'), /已确认并执行/);
  await said(page, '您已在手机上确认并执行');
  await page.click('text=查看结果');
  assert.match(await page.textContent('main'), /青禾茶饮一店/);
});

test('without JavaScript the page looks again by itself, and going back keeps the text', async () => {
  const page = await signIn(browser, owner);
  const plain = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: base, javaScriptEnabled: false, storageState: await page.context().storageState() });
  const still = await plain.newPage();
  await askFor(still, '青禾茶饮二店');
  await still.click('text=返回修改');
  assert.equal(await still.inputValue('[name=short_name]'), '青禾茶饮二店');
  await still.click('[data-form=main] [type=submit]');
  await still.waitForURL('**/confirmations/*');
  await confirmOn(still, owner.person);
  await still.locator('h1', { hasText: '已完成' }).waitFor();
});

test('with a rule the second person answers in the chat, and only then it happens', async () => {
  const page = await signIn(browser, owner);
  await page.goto(rule);
  await page.check('[name=checkers][value=finance]');
  await page.click('[data-form=main] [type=submit]');
  await page.waitForURL('**/confirmations/*');
  await confirmOn(page, owner.person);
  await said(page, '已完成');

  await askFor(page, '青禾茶饮');
  await confirmOn(page, owner.person);
  await said(page, '审核人同意后才会执行');
  await page.click('text=查看审核进度');
  assert.match(await page.textContent('main'), /等待审核/);
  assert.doesNotMatch(await (await page.request.get('/account/merchant')).text(), /<dd[^>]*>青禾茶饮<\/dd>/);

  const asked = await message(finance.person, (m) => m.template === 'approval_asked' && m.fields['内容'] === '修改商户资料');
  const phone = await openOnPhone(browser, finance.person, asked.url);
  assert.match(await phone.textContent('main'), /青禾茶饮/);
  await decide(phone);
  assert.match(await phone.textContent('main'), /已同意并执行/);
  await page.reload();
  assert.match(await page.textContent('main'), new RegExp(finance.login));

  await page.goto(rule);
  await page.click('text=关闭审核并扫码确认');
  await page.waitForURL('**/confirmations/*');
  await confirmOn(page, owner.person); // of changing rules there is no rule
  await said(page, '已完成');
});
