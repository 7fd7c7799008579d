// The platform's own side: an operator opens a merchant and its admin walks in; the first day of an
// operator; a merchant is suspended under its people's feet; every page at every width.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from './demo.mjs';
import { look } from './looks.mjs';
import { base, bindOn, boundMember, card, credentials, decide, launch, message, openOnPhone, opsIn, signIn } from './people.mjs';

let browser;
let all;
before(async () => { browser = await launch(); all = await credentials(); });
after(async () => { await browser.close(); });

const operator = (role) => all.operators.find((o) => o.role === role);
const desktop = async (options = {}) => (await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: base, ...options })).newPage();

/** Answers what the page asks the phone. */
async function confirms(page, who) {
  await page.waitForURL('**/ops/confirmations/**');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  const told = await phone.textContent('main');
  await decide(phone, { number });
  assert.match(await phone.textContent('main'), /已确认并执行/);
  await phone.context().close();
  await page.getByRole('heading', { name: '已完成' }).waitFor();
  return told;
}

/** Password, then settlement account where it is asked, then code and both consents. */
async function binds(page, door, login, password, account, person) {
  await page.goto(`${door}/login/password`);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.click('form:has([name=password]) [type=submit]');
  await page.waitForURL(`**${door}/bind**`);
  if (account) {
    await page.fill('[name=settlement_account]', account);
    await page.click('[data-form=main] [type=submit]');
  }
  return bindOn(browser, page, person);
}

test('an operator opens a merchant and its admin walks in', async () => {
  const who = operator('admin');
  const person = all.persons.find((p) => p.id === 'p-lihua');
  const page = await opsIn(browser, who);
  await page.getByRole('link', { name: '开通商户' }).click();
  await page.locator('[data-form=main] [type=submit]').click(); // nothing filled in: the browser itself holds it back
  assert.match(page.url(), /\/ops\/merchants\/new$/);
  const mchid = await page.inputValue('[name=mchid]');
  for (const [name, value] of Object.entries({ legal_name: '杭州晴天花店有限公司', short_name: '晴天花店', appid: 'wxd678efh567hg6787', settlement_bank: '杭州银行西湖支行',
    settlement_account: '6222 0212 3456 7890', name: person.name, id_number: '1', mobile: person.mobile })) await page.fill(`[name=${name}]`, value);
  await page.click('[data-form=main] [type=submit]');
  await page.locator('#id_number-err').waitFor(); // the paper is refused beside its field, the rest is kept
  assert.equal(await page.inputValue('[name=short_name]'), '晴天花店');
  await page.fill('[name=id_number]', person.id_number);
  await page.click('[data-form=main] [type=submit]');
  const told = await confirms(page, who);
  for (const shown of ['开通商户 晴天花店', mchid, '0.60%']) assert.ok(told.includes(shown), `the phone shows ${shown}`);
  assert.ok(!told.includes(person.id_number), 'the paper is masked');
  await page.getByRole('button', { name: /显示/ }).click();
  const password = (await page.locator('p.font-mono .id').textContent()).trim();
  await page.goto(`/ops/merchants/${mchid}`);
  assert.match(await page.textContent('main'), /未绑定微信/);

  const desk = await desktop();
  const phone = await binds(desk, '', `admin01@${mchid}`, password, '6222021234567890', person.id);
  assert.match(await phone.textContent('main'), /绑定完成/);
  const home = await signIn(browser, { person: person.id, merchant: { mchid } });
  assert.match(await home.textContent('body'), /晴天花店/);
  await page.reload();
  assert.match(await page.textContent('main'), /已绑定微信/);
});

test('the first day of an operator: bound by the guide, answered for by a platform admin', async () => {
  const who = operator('service');
  assert.equal(who.bound, false);
  const desk = await desktop();
  const phone = await binds(desk, '/ops', who.login, who.initial_password, '', who.person);
  assert.match(await phone.textContent('main'), /等待平台管理员同意/);
  const admin = operator('admin');
  const answer = await openOnPhone(browser, admin.person, (await message(admin.person, (m) => m.url.includes('/m/bindings/'))).url);
  assert.match(await answer.textContent('main'), /平台运营/);
  await decide(answer);
  const page = await opsIn(browser, who);
  assert.match(await page.textContent('main'), /运营总览/);
  assert.equal(await page.getByRole('link', { name: '开通商户' }).count(), 0, 'service opens no merchants');
  assert.equal((await page.goto('/ops/merchants/new')).status(), 403);
});

test('a suspended merchant: its people are out at the next click, and in again when it is resumed', async () => {
  const who = operator('reviewer');
  const member = await boundMember('1900000109', 'service');
  const theirs = await signIn(browser, member);
  const page = await opsIn(browser, who);
  for (const [button, wordAfter] of [['停用商户', /\/login/], ['恢复商户', null]]) {
    await page.goto('/ops/merchants/1900000109');
    await page.fill('[name=reason]', '核实经营资料');
    await page.getByRole('button', { name: button }).click();
    await confirms(page, who);
    if (wordAfter) {
      await theirs.goto('/trades');
      assert.match(theirs.url(), wordAfter);
    }
  }
  const again = await signIn(browser, member);
  assert.match(await again.textContent('body'), /老王面馆/);
});

test('a verification runs while the page shows how far it is', async () => {
  const page = await opsIn(browser, operator('admin'));
  await page.goto('/ops/verification');
  await page.getByRole('button', { name: '立即核验' }).click();
  await page.getByText('核验通过').first().waitFor();
  await page.waitForFunction(() => !/正在核验|等待执行/.test(document.querySelector('main').textContent));
  assert.match(await page.textContent('main'), /操作日志签名链/);
});

test('members stay out of the operators’ pages and operators out of theirs', async () => {
  const page = await opsIn(browser, operator('admin'));
  await page.goto('/trades');
  assert.match(page.url(), /\/login/);
  const member = await signIn(browser, await boundMember('1900000208', 'super_admin'));
  await member.goto('/ops/merchants');
  assert.match(member.url(), /\/ops\/login/);
});

const routes = JSON.parse(execFileSync(join(root, 'bin/zhanggui'), ['routes', '--json'], { encoding: 'utf8' }));
const pages = [...routes.filter((r) => r.method === 'GET' && r.path.startsWith('/ops/') && !/[{]|\.(csv|json)$|events$|login|bind$/.test(r.path)).map((r) => r.path),
  '/ops/login', '/ops/login/password', '/ops/merchants?q=nobody', '/ops/merchants?kind=x', '/ops/merchants/1230000001', '/ops/holidays?year=2027', '/ops/jobs?state=dead', '/ops/operators/shenhe01', '/ops/nothing'];

describe('operators’ pages', () => {
  let state;
  before(async () => {
    const page = await opsIn(browser, operator('admin'));
    state = await page.context().storageState();
  });
  const open = async (options) => (await browser.newContext({ storageState: state, baseURL: base, bypassCSP: true, viewport: { width: 1280, height: 800 }, ...options })).newPage();
  for (const path of pages) test(path, () => look(browser, path, { state, baseURL: base }));
  test('without JavaScript every page shows its head', async () => {
    const page = await open({ javaScriptEnabled: false });
    for (const path of pages) {
      const answer = await page.goto(path);
      assert.ok(answer.status() < 500, path);
      assert.ok((await page.locator('h1').count()) >= 1, `${path} has no head`);
    }
  });
});
