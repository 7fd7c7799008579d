// Money above the merchant's amount waits for a second person: withdrawal, payment, and moves between own accounts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, credentials, decide, launch, message, openOnPhone, signIn } from './people.mjs';

const mchid = '1230000101';
const acts = { withdrawal: 'withdrawal.make', payment: 'transfer.make', move: 'operation.move' };

let browser;
let owner;
let finance;
let desk; // of the owner
let page; // of finance, who asks
before(async () => {
  browser = await launch();
  [owner, finance] = [await boundMember(mchid, 'super_admin'), await boundMember(mchid, 'finance')];
  [desk, page] = [await signIn(browser, owner), await signIn(browser, finance)];
  for (const account of ['BASIC', 'OPERATION']) {
    const answer = await page.request.post('/sandbox/api/topups', { data: { mchid, account, amount: 100_000 } });
    assert.equal(answer.status(), 200);
  }
});
after(async () => {
  for (const act of Object.values(acts)) {
    await desk.goto(`/account/approvals/rules/${act}`);
    await desk.click('text=关闭审核并扫码确认');
    await confirmed(desk, owner);
  }
  await browser.close();
});

/** The asker's own phone says yes; what the desktop then says. */
async function confirmed(p, who) {
  await p.waitForURL('**/confirmations/*');
  const { url, number } = await card(p);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
  await phone.waitForLoadState();
  await phone.context().close();
  await p.waitForFunction(() => /已完成|等待审核/.test(document.querySelector('h1')?.textContent));
  return p.textContent('h1');
}

const press = (p = page) => p.locator('main form[data-form=main] button').last().click();
const list = async (path) => (await (await page.request.get(`${path}.json`)).json()).rows;
const balance = async (account) => (await (await page.request.get('/funds.json')).json()).rows.find((r) => r.account === account).balance;

async function withdraw(amount) {
  await page.goto('/funds/withdrawals/new');
  await page.fill('[name=amount]', amount);
  await press();
  await page.getByRole('heading', { name: '账户变化' }).waitFor();
  await press();
  return confirmed(page, finance);
}

async function pay(amount) {
  const { persons } = await credentials();
  await page.goto(`/marketing/transfers/new?openid=${persons.find((p) => p.id === 'p-lihua').openid}`);
  await page.fill('[name=re_user_name]', '李华');
  await page.fill('[name=amount]', amount);
  await page.fill('[name=desc]', '审核');
  await press();
  await page.getByRole('heading', { name: '核对付款' }).waitFor();
  await press();
  return confirmed(page, finance);
}

async function move(amount) {
  await page.goto('/funds/transfers/new?direction=to_operation');
  await page.fill('#amount', amount);
  await press();
  await page.getByText('还没有扣款').waitFor();
  await press();
  return confirmed(page, finance);
}

/** What the checker's phone is asked about the sum; the maker's own phone may not answer. */
async function asked(sum) {
  const told = await message(owner.person, (m) => m.template === 'approval_asked' && m.fields['内容'].includes(sum));
  const own = await openOnPhone(browser, finance.person, told.url);
  assert.equal(await own.locator('[data-form=main]').count(), 0, 'the maker is never the checker');
  await own.context().close();
  const phone = await openOnPhone(browser, owner.person, told.url);
  assert.match(await phone.textContent('main'), new RegExp(`${sum.replaceAll('.', '\\.')}[\\s\\S]*${finance.login}`));
  return phone;
}

test('the super admin sets from which amount on a second person is asked', async () => {
  for (const act of Object.values(acts)) {
    await desk.goto(`/account/approvals/rules/${act}`);
    await desk.fill('[name=from_amount]', '');
    await desk.check('[name=checkers][value=super_admin]');
    await desk.locator('main [data-form=main] [type=submit]').first().click();
    await desk.locator('#from_amount[aria-invalid=true]').waitFor();
    await desk.fill('[name=from_amount]', '50');
    await desk.locator('main [data-form=main] [type=submit]').first().click();
    assert.match(await confirmed(desk, owner), /已完成/);
  }
  await page.goto('/account/approvals');
  assert.equal((await page.textContent('main')).match(/50\.00 元起/g).length, 3);
});

test('below it one person is enough, from it on nothing moves before the second said yes', async () => {
  assert.match(await withdraw('49.99'), /已完成/);
  const had = (await list('/funds/withdrawals')).length;
  assert.match(await withdraw('50.00'), /等待审核/);
  assert.equal((await list('/funds/withdrawals')).length, had);
  const phone = await asked('50.00');
  await decide(phone);
  assert.match(await phone.textContent('main'), /已同意并执行/);
  const rows = await list('/funds/withdrawals');
  assert.deepEqual([rows.length, rows[0].amount], [had + 1, 5000]);
  await page.goto(`/funds/withdrawals/${rows[0].withdraw_id}`);
  assert.match(await page.textContent('main'), new RegExp(finance.login), 'who asked is who applied');
  await phone.reload();
  assert.equal(await phone.locator('[data-form=main]').count(), 0, 'an answer is given once');
  await phone.context().close();
});

test('a no of the second person pays nobody, and the maker reads it', async () => {
  const had = (await list('/marketing/transfers')).length;
  assert.match(await pay('51.23'), /等待审核/);
  const phone = await asked('51.23');
  await decide(phone, { decision: 'refuse' });
  await phone.context().close();
  assert.equal((await list('/marketing/transfers')).length, had);
  await page.goto('/account/approvals');
  const row = page.locator('tr', { hasText: '51.23' });
  assert.match(await row.textContent(), /未同意/);
  const said = await message(finance.person, (m) => m.template === 'approval_answered' && m.fields['内容'].includes('51.23'));
  assert.equal(said.fields['结果'], '未同意');
});

test('what the maker takes back is over for the checker', async () => {
  const had = await balance('OPERATION');
  assert.match(await move('52.00'), /等待审核/);
  const phone = await asked('52.00');
  await page.click('text=查看审核进度');
  await page.click('form[action$="/withdrawal"] button');
  await page.getByText('已撤销').first().waitFor();
  await decide(phone);
  assert.doesNotMatch(await phone.textContent('main'), /已同意并执行/);
  assert.equal(await balance('OPERATION'), had);
  await phone.context().close();

  assert.match(await move('53.00'), /等待审核/);
  const again = await asked('53.00');
  await decide(again);
  assert.match(await again.textContent('main'), /已同意并执行/);
  assert.equal(await balance('OPERATION'), had + 5300);
  await again.context().close();
});
