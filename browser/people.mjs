// The browser and the people of the stories: a desktop, and phones that scan what it shows.
import { chromium } from 'playwright-core';

export const base = process.env.ZHANGGUI_TEST_URL;
if (!base) throw new Error('start the browser tests with: node browser/run.mjs');

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Chromium without its windows is a third of the work, so that the tests of every day take it; `make soak` takes the whole one.
export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', args: flags });

export async function credentials() {
  return (await fetch(`${base}/sandbox/api/credentials`)).json();
}

/** The member with that login, and its merchant. */
export async function member(login) {
  const all = await credentials();
  for (const merchant of all.merchants)
    for (const m of merchant.members) if (m.login === login || m.login === `${login}@${merchant.mchid}`) return { ...m, merchant };
  throw new Error(`nobody signs in as ${login}`);
}

/** A bound member of the merchant with the role. */
export async function boundMember(mchid, role) {
  const all = await credentials();
  const merchant = all.merchants.find((m) => m.mchid === mchid);
  const found = merchant.members.find((m) => m.role === role && m.bound);
  if (!found) throw new Error(`no bound ${role} in ${mchid}`);
  return { ...found, merchant };
}

/** What a desktop's scan card shows to a script. */
export async function card(page) {
  const scan = page.locator('[data-ticket-url]');
  await scan.waitFor();
  return { url: await scan.getAttribute('data-ticket-url'), number: await scan.getAttribute('data-ticket-number') };
}

/** The newest message of the official account to the person that fits; it comes soon. */
export async function message(person, fits) {
  const { openid } = (await credentials()).persons.find((p) => p.id === person);
  return soon(`a message for ${person}`, async () => {
    const { messages } = await (await fetch(`${base}/sandbox/api/messages?openid=${openid}`)).json();
    return messages.filter(fits).sort((a, b) => b.sent_at.localeCompare(a.sent_at))[0];
  });
}

/** Asks again and again until there is an answer. */
export async function soon(what, ask, tries = 300) {
  for (let i = 0; i < tries; i++) {
    const found = await ask();
    if (found) return found;
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`${what} does not come`);
}

/** Opens a link in the person's phone; the phone is its own window. */
export async function openOnPhone(browser, person, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: base, ...options });
  const phone = await context.newPage();
  await phone.goto(`/sandbox/phone/${person}/open?url=${encodeURIComponent(url)}`);
  return phone;
}

export async function decide(phone, { number, mchid, decision = 'confirm' } = {}) {
  if (mchid) await phone.check(`[name=mchid][value="${mchid}"]`);
  if (number) await phone.locator(`[name=number][value="${number}"]`).check({ force: true });
  await phone.click(`[data-form=main] [name=decision][value=${decision}]`);
}

/** A signed-in desktop of the operator. */
export async function opsIn(browser, who, options = {}) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: base, ...options })).newPage();
  await page.goto('/ops/login');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number });
  await page.waitForURL((u) => u.pathname === '/ops/');
  await phone.context().close();
  return page;
}

/** A signed-in desktop of the member. */
export async function signIn(browser, who, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: base, ...options });
  const page = await context.newPage();
  await page.goto('/login');
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, who.person, url);
  await decide(phone, { number, mchid: (await phone.locator('[name=mchid]').count()) ? who.merchant.mchid : undefined });
  await page.waitForURL((u) => !u.pathname.startsWith('/login'));
  await phone.context().close();
  return page;
}

/** A desktop on which somebody unbound is in with the initial password, at the merchants' door or another. */
export async function firstDesktop(browser, login, password, door = '') {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: base })).newPage();
  await page.goto(`${door}/login/password`);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.click('form:has([name=password]) [type=submit]');
  await page.waitForURL(`**${door}/bind**`);
  return page;
}

/** How somebody of a merchant is named where no merchant is known yet. */
export const loginOf = (who) => (who.login.includes('@') ? who.login : `${who.login}@${who.merchant.mchid}`);

/** The person's phone answers the binding that the desktop shows: our consent, WeChat's consent, and what came of it. */
export async function bindOn(browser, page, person) {
  const { url, number } = await card(page);
  const phone = await openOnPhone(browser, person, url);
  await decide(phone, { number });
  await decide(phone); // our own consent
  await phone.waitForURL('**/sandbox/wechat/appauth/**');
  await decide(phone); // WeChat's consent
  await phone.waitForURL('**/m/**');
  return phone;
}
