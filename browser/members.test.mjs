// Members and roles, in a real browser: who works for a merchant, what they may do, and how that changes,
// each time on the desktops and the phones of everyone concerned.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { look } from './looks.mjs';
import { base, bindOn, boundMember, card, decide, firstDesktop, launch, member, message, openOnPhone, signIn } from './people.mjs';

const tea = '1230000101';
const books = '1230000102';
const shop = '1230000103';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** What the page says it is. */
const head = async (page) => (await page.locator('h1').textContent()).trim();

/** Scans the code that the desktop shows and confirms it; the desktop turns over by itself. */
async function confirmed(page, person) {
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, person, url);
  await decide(phone, { number });
  await phone.getByText('已确认并执行').waitFor();
  await phone.context().close();
  await page.getByRole('heading', { name: '已完成' }).waitFor();
}

/** The initial password that the desktop is told once. */
async function told(page) {
  const secret = page.locator('[aria-labelledby=secret]');
  await secret.getByRole('button').click();
  const password = await secret.locator('[data-copy]').getAttribute('data-copy');
  assert.match(password, /^[0-9A-Za-z]{12}$/);
  await page.goto(page.url().replace(/\/secret$/, ''));
  assert.equal(await secret.count(), 0, 'told once');
  return password;
}

/** Goes in by password and binds the person's WeChat, up to the super admin's answer. */
async function binds(login, password, person) {
  const page = await firstDesktop(browser, login, password);
  await scansBinding(page, person);
  return page;
}

async function scansBinding(page, person) {
  const phone = await bindOn(browser, page, person);
  await phone.getByText('等待超级管理员同意').first().waitFor();
  await phone.context().close();
  await page.getByText('等待超级管理员同意').first().waitFor();
}

const titled = (title) => (m) => m.title === title;

test('the first employee, from creation to sign-in, on two screens and two phones', async () => {
  const admin = await boundMember(tea, 'super_admin');
  const page = await signIn(browser, admin);
  await page.goto('/account/members');
  await page.getByRole('link', { name: '新增账号' }).click();
  await page.fill('[name=login]', 'lihua01');
  await page.fill('[name=name]', '李华');
  await page.fill('[name=id_number]', '330199200006061139');
  await page.fill('[name=mobile]', '19800009894');
  await page.check('[name=role][value=service]');
  await page.getByRole('button', { name: '下一步，扫码确认' }).click();
  await page.waitForURL('**/confirmations/**');
  assert.doesNotMatch(await page.textContent('main'), /330199200006061139|19800009894/, 'papers are masked');
  await confirmed(page, admin.person);
  const password = await told(page);

  const desk = await binds(`lihua01@${tea}`, password, 'p-lihua');
  await page.goto('/');
  await page.getByRole('link', { name: /去处理/ }).first().click();
  await page.waitForURL('**/account/members**');
  await page.getByRole('button', { name: /同意李\*/ }).click();
  await confirmed(page, admin.person);
  await desk.goto('/bind');
  const own = await signIn(browser, { person: 'p-lihua', merchant: { mchid: tea } });
  await own.goto('/trades');
  assert.equal(await head(own), '交易订单');
  await page.goto('/account/members');
  assert.match(await page.locator('tr', { hasText: 'lihua01' }).textContent(), /正常/);
});

test('a role change takes effect on the next click of an open session', async () => {
  const admin = await boundMember(tea, 'super_admin');
  const clerk = await member(`kefu02@${tea}`);
  const [page, desk] = [await signIn(browser, admin), await signIn(browser, clerk)];
  await desk.goto('/trades');
  assert.equal(await desk.getByRole('link', { name: '账单导入' }).count(), 0);
  await page.goto('/account/members/kefu02/roles');
  await page.check('[name=role][value=finance]');
  await page.getByRole('button', { name: '下一步，扫码确认' }).click();
  await confirmed(page, admin.person);
  await desk.getByRole('link', { name: '首页' }).first().click();
  await desk.goto('/trades');
  await desk.getByRole('link', { name: '账单导入' }).first().click();
  assert.equal(await head(desk), '账单导入');
});

test('the super admin hands over: both phones say yes', async () => {
  const [admin, heir] = [await member(`admin01@${shop}`), await member(`kefu01@${shop}`)];
  const [page, desk] = [await signIn(browser, admin), await signIn(browser, heir)];
  await page.goto('/account/members');
  await page.getByRole('link', { name: '移交超级管理员' }).click();
  await page.check('[name=to][value=kefu01]');
  await page.getByRole('button', { name: '下一步，扫码确认' }).click();
  await confirmed(page, admin.person);
  await page.goto('/account/members');
  await page.getByText('移交等待对方确认').waitFor();
  const { url } = await message(heir.person, titled('请您接任超级管理员'));
  const phone = await openOnPhone(browser, heir.person, url);
  assert.match(await phone.textContent('main'), /接任山海便利的超级管理员/);
  await decide(phone);
  await phone.getByText('您已成为超级管理员').waitFor();
  await desk.goto('/account/members/new');
  assert.equal(await head(desk), '新增账号');
  await page.goto('/account/members');
  assert.match(await page.textContent('main'), /超级管理员/);
  assert.equal(await page.locator('.trouble-code').textContent(), '403');
});

test('a lost phone: reset by the super admin, bound again, in again', async () => {
  const [admin, clerk] = [await boundMember(tea, 'super_admin'), await member(`yunying01@${tea}`)];
  const [page, desk] = [await signIn(browser, admin), await signIn(browser, clerk)];
  await page.goto('/account/members/yunying01');
  await page.getByRole('button', { name: /重置登录/ }).click();
  await confirmed(page, admin.person);
  await desk.goto('/trades');
  assert.match(desk.url(), /\/login/, 'the lost phone’s sessions are over');
  const password = await told(page);
  await binds(`yunying01@${tea}`, password, clerk.person);
  const phone = await openOnPhone(browser, admin.person, (await message(admin.person, titled('员工申请绑定微信号'))).url);
  await decide(phone);
  await phone.getByText('已同意绑定').first().waitFor();
  await (await signIn(browser, clerk)).goto('/trades');
});

test('a clerk meets a 403, asks, and the next click works', async () => {
  const [admin, clerk] = [await boundMember(books, 'super_admin'), await member(`zhidu01@${books}`)];
  const desk = await signIn(browser, clerk);
  await desk.goto('/trades/imports');
  assert.match(await desk.textContent('main'), /导入交易账单[\s\S]*超级管理员/);
  await desk.getByRole('button', { name: '申请权限' }).click();
  await desk.getByText('已向超级管理员发出权限申请').waitFor();

  const phone = await openOnPhone(browser, admin.person, (await message(admin.person, titled('成员申请权限'))).url);
  assert.match(await phone.textContent('main'), /江\*/);
  const page = await signIn(browser, admin);
  await page.goto('/inbox');
  await page.getByRole('button', { name: /分配角色|成员申请权限/ }).first().click();
  await page.waitForURL('**/roles?want=trade.import');
  assert.ok(await page.isChecked('[name=role][value=finance]'), 'the form is filled in');
  await page.getByRole('button', { name: '下一步，扫码确认' }).click();
  await confirmed(page, admin.person);
  await desk.goto('/trades/imports');
  assert.equal(await head(desk), '账单导入');
});

test('another WeChat of one’s own, with the old one in hand', async () => {
  const [admin, clerk] = [await boundMember(tea, 'super_admin'), await member(`caiwu01@${tea}`)];
  const desk = await signIn(browser, clerk);
  await desk.goto('/account/profile');
  await desk.getByRole('button', { name: '解除绑定并更换微信号' }).click();
  await confirmed(desk, clerk.person);
  await desk.getByRole('link', { name: '查看结果' }).click();
  await desk.waitForURL('**/bind**');
  await scansBinding(desk, clerk.person);
  const phone = await openOnPhone(browser, admin.person, (await message(admin.person, titled('员工申请绑定微信号'))).url);
  await decide(phone);
  await phone.getByText('已同意绑定').first().waitFor();
  await (await signIn(browser, clerk)).goto('/trades');
});

test('without JavaScript a role is made, changed and deleted', async () => {
  const admin = await boundMember(books, 'super_admin');
  const signed = await signIn(browser, admin);
  const context = await browser.newContext({ storageState: await signed.context().storageState(), baseURL: base, javaScriptEnabled: false });
  const page = await context.newPage();
  const say = async () => {
    const { url, number } = await card(page);
    const phone = await openOnPhone(browser, admin.person, url, { javaScriptEnabled: false });
    await decide(phone, { number });
    await phone.context().close();
    await page.getByRole('heading', { name: '已完成' }).waitFor(); // the page looks again by itself
  };
  await page.goto('/account/roles/new');
  await page.fill('[name=name]', '门店导入');
  await page.check('[name=permission][value="trade.import"]');
  await page.click('[data-form=main] [type=submit]');
  await say();
  await page.getByRole('link', { name: '查看结果' }).click();
  assert.ok(await page.isChecked('[name=permission][value="trade.read"]'), 'what it cannot be used without comes along');
  await page.check('[name=permission][value="audit.read"]');
  await page.click('[data-form=main] [type=submit]');
  await say();
  await page.getByRole('link', { name: '查看结果' }).click();
  await page.getByRole('button', { name: '删除角色' }).click();
  await say();
  await page.goto('/account/roles');
  assert.equal(await page.getByText('门店导入').count(), 0);
});

test('the pages of one member and one role hold at every width, in both themes', async () => {
  const signed = await signIn(browser, await member('admin01@1900000208'));
  const state = await signed.context().storageState();
  for (const path of ['/account/members/kefu01', '/account/members/kefu01/roles?want=trade.import', '/account/members/admin01', '/account/roles/finance',
    '/account/roles/super_admin', '/account/members?q=nobody', '/account/members?state=unbound'])
    await look(browser, path, { state, baseURL: base });
});
