// A finance clerk pays people: one with a wrong name and with the right one, and a file of them, confirmed once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, credentials, decide, launch, message, openOnPhone, signIn, soon } from './people.mjs';

const shop = '1900000208';
let browser;
let page;
let who;
let people;
before(async () => {
  browser = await launch();
  who = await boundMember(shop, 'finance');
  page = await signIn(browser, who);
  people = (await credentials()).persons;
});
after(async () => { await browser.close(); });

const openid = (person) => people.find((p) => p.id === person).openid;

/** The maker's phone confirms what the desktop asks; tells what the phone showed. */
async function confirmed() {
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  const shown = await phone.textContent('body');
  await decide(phone, { number });
  await page.waitForFunction(() => document.body.innerText.includes('您已在手机上确认并执行'));
  await phone.context().close();
  return shown;
}

async function pay(person, name, amount, desc) {
  await page.goto('/marketing/transfers/new');
  await page.getByRole('link', { name: person.name, exact: true }).click();
  await page.waitForURL(/openid=/);
  assert.equal(await page.inputValue('[name=openid]'), person.openid);
  await page.fill('[name=re_user_name]', name);
  await page.fill('[name=amount]', amount);
  await page.fill('[name=desc]', desc);
  await page.click('form[data-form=main] [type=submit], form[data-form=main] button');
  await page.getByRole('heading', { name: '核对付款' }).waitFor();
  assert.match(await page.textContent('main'), /付款后余额/);
  await page.click('form[data-form=main] button');
  const shown = await confirmed();
  assert.match(shown, new RegExp(`向个人付款 ${amount} 元`));
  const { rows } = await (await page.request.get('/marketing/transfers.json')).json();
  return rows[0].transfer_no;
}

const ended = (no) => soon(`the end of ${no}`, async () => {
  const { rows } = await (await page.request.get(`/marketing/transfers.json?no=${no}`)).json();
  return rows[0]?.payment_time && rows[0];
});

test('a payment to a name that is not the payee’s fails, and the money is back', async () => {
  const no = await pay(people.find((p) => p.id === 'p-zhangmin'), '张明', '12.30', '名字写错');
  const row = await ended(no);
  assert.equal(row.status, 'FAILED');
  assert.equal(row.err_code, 'NAME_MISMATCH');
  await page.goto(`/marketing/transfers/${no}`);
  assert.match(await page.textContent('main'), /姓名与微信实名不一致/);
  await page.goto('/inbox');
  assert.match(await page.textContent('main'), /企业付款 12\.30 元失败/);
});

test('a payment to the right name arrives, and the payee’s phone shows it', async () => {
  const no = await pay(people.find((p) => p.id === 'p-lihua'), '李华', '45.60', '十一月返现');
  const row = await ended(no);
  assert.equal(row.status, 'SUCCESS');
  const said = await message('p-lihua', (m) => m.fields['入账金额'] === '45.60 元');
  assert.equal(said.fields['付款说明'], '十一月返现');
  const { entries } = await (await fetch(`${base}/sandbox/api/channel/book`)).json();
  const booked = entries.filter((e) => e.out_no === no);
  assert.deepEqual(booked.map((e) => [e.operation, e.effects, e.status]), [['transfer', 1, 'SUCCESS']]);
});

async function upload(name, text) {
  await page.goto('/marketing/transfers/batch');
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.click('form:has(input[type=file]) button[type=submit]');
  await page.waitForURL(/\/batch\/[0-9a-f-]{36}/);
  return page.textContent('main');
}

const head = '收款人openid,收款人姓名,付款金额（元）,付款说明,商户付款单号\n';

test('a file with a bad row pays nobody and says what is wrong where', async () => {
  const text = await upload('坏.csv', `${head}${openid('p-bailu')},白露,1.00,奖金,\n${openid('p-gaoyuan')},高远,0.10,奖金,\n`);
  assert.match(text, /一笔也没有付/);
  assert.match(text, /请填写 0\.30 至/);
  assert.equal(await page.locator('form[data-form=main]').count(), 0);
});

test('a good file is confirmed once and paid row by row', async () => {
  const text = await upload('好.csv', `${head}${openid('p-bailu')},白露,1.00,奖金,\n${openid('p-gaoyuan')},,2.00,奖金,\n${openid('p-zhaoyi')},,3.00,奖金,\n`);
  assert.match(text, /检查通过/);
  await page.click('form[data-form=main] button');
  assert.match(await confirmed(), /按文件付款 3 笔，合计 6\.00 元/);
  await page.goto('/marketing/transfers/batch');
  await page.getByRole('link', { name: '好.csv' }).first().click();
  await page.getByText('部分付款没有成功').waitFor();
  const shown = await page.textContent('main');
  assert.match(shown, /收款人的微信没有实名/);
  assert.equal((shown.match(/付款成功/g) ?? []).length >= 2, true);
  await message('p-bailu', (m) => m.fields['入账金额'] === '1.00 元');
});
