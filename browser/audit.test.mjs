// What a super admin confirms on the phone stands in the log, with the confirmation it ran in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, decide, launch, openOnPhone, signIn } from './people.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** Scans the card that the page shows and says yes on the asker's phone. */
async function confirmOnPhone(page, who, decision = 'confirm') {
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  const shown = await phone.textContent('main');
  await decide(phone, { number, decision });
  await phone.context().close();
  return shown;
}

test('a profile change confirmed on the phone stands in the log with its confirmation', async () => {
  const who = await boundMember('1230000102', 'super_admin');
  const page = await signIn(browser, who);
  await page.goto('/account/merchant');
  await page.getByRole('link', { name: '修改商户资料' }).click();
  await page.fill('[name=contact_phone]', '电话');
  await page.click('[data-form=main] [type=submit]');
  assert.equal(await page.getAttribute('[name=contact_phone]', 'aria-invalid'), 'true');
  assert.equal(await page.inputValue('[name=contact_phone]'), '电话', 'the text is kept');
  await page.fill('[name=short_name]', '小满书店总店');
  await page.fill('[name=contact_phone]', '13812345678');
  await page.click('[data-form=main] [type=submit]');
  await page.waitForURL('**/confirmations/*');
  const confirmation = page.url().split('/').pop();
  const shown = await confirmOnPhone(page, who);
  assert.match(shown, /小满书店总店/);
  assert.match(shown, /138\*{4}5678/);
  await page.waitForFunction(() => document.querySelector('a[href="/account/merchant"].btn'));

  await page.goto('/account/merchant');
  assert.match(await page.textContent('main'), /小满书店总店/);
  await page.goto('/account/audit?action=merchant.profile');
  await page.locator('tbody th a').first().click();
  await page.waitForURL('**/account/audit/*');
  assert.equal(await page.locator(`.id[title="${confirmation}"]`).count(), 1);
  await page.getByRole('link', { name: '这次扫码确认的全部记录' }).click();
  assert.ok((await page.locator('tbody tr').count()) >= 2, 'asked, scanned and done lie together');
});

test('a request for another settlement card is shown honestly and can be taken back, without JavaScript too', async () => {
  const who = await boundMember('1900000109', 'super_admin');
  const page = await signIn(browser, who);
  await page.goto('/account/merchant/card');
  await page.fill('[name=bank]', '中国建设银行北京分行');
  await page.fill('[name=account]', '6217 0012 3456 7894 321');
  await page.fill('[name=account_again]', '6217001234567894321');
  await page.click('[data-form=main] [type=submit]');
  await page.waitForURL('**/confirmations/*');
  assert.match(await confirmOnPhone(page, who), /尾号 4321/);
  await page.waitForFunction(() => document.querySelector('a[href="/account/merchant"].btn'));

  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: base, storageState: await page.context().storageState() });
  const again = await plain.newPage();
  await again.goto('/account/merchant');
  assert.match(await again.textContent('#main, main'), /打款验证/);
  await again.getByRole('button', { name: '撤销申请' }).click();
  assert.match(await again.textContent('#main, main'), /已撤销/);
});
