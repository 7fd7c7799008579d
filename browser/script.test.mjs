// Scripts act in the demo as people do: the public contract of signing in without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, boundMember, credentials } from './people.mjs';
import { Client, decide, mainForm, scan, ticket } from './script.mjs';

async function enter(desktop, shown) {
  const id = /\/login\/tickets\/([0-9a-f-]{36})\//.exec(shown.text)[1];
  return desktop.post(`/login/tickets/${id}/session`, {});
}

test('a script signs in as a bound member and reads the JSON twin of the orders', async () => {
  const who = await boundMember('1900000208', 'finance');
  const desktop = new Client(base);
  const shown = await desktop.get('/login');
  const { url, number } = ticket(shown);
  const phone = new Client(base);
  const asked = await scan(phone, who.person, url);
  assert.deepEqual(mainForm(asked).choices('number').length, 3);
  const done = await decide(phone, asked, { number });
  assert.equal(done.status, 200);
  const home = await enter(desktop, shown);
  assert.equal(new URL(home.url).pathname, '/');
  const page = JSON.parse((await desktop.get('/trades.json')).text);
  assert.deepEqual(Object.keys(page).sort(), ['next', 'rows']);
  assert.deepEqual(Object.keys(page.rows[0]).sort(), ['coupon', 'fee', 'mchid', 'openid', 'out_trade_no', 'refunded', 'settled_at',
    'settlement_total', 'sub_mchid', 'success_time', 'total', 'trade_state', 'trade_type', 'transaction_id']);
  assert.ok(page.rows[0].settled_at === null || Date.parse(page.rows[0].settled_at) > 0);
  const next = JSON.parse((await desktop.get(`/trades.json?cursor=${encodeURIComponent(page.next)}`)).text);
  assert.ok(next.rows[0].success_time <= page.rows.at(-1).success_time);
  assert.equal((await enter(desktop, shown)).url.includes('/login'), true, 'the code is good once');
});

test('somebody who works for two merchants picks one on the phone', async () => {
  const all = await credentials();
  const seats = {};
  for (const m of all.merchants) for (const who of m.members) if (who.bound) (seats[who.person] ??= []).push(m.mchid);
  const [person, mchids] = Object.entries(seats).find(([, where]) => where.length > 1);
  const desktop = new Client(base);
  const shown = await desktop.get('/login');
  const { url, number } = ticket(shown);
  const phone = new Client(base);
  let asked = await scan(phone, person, url);
  assert.deepEqual(mainForm(asked).choices('mchid').sort(), [...mchids].sort());
  asked = await decide(phone, asked, { number, mchid: mchids[1] });
  if (/data-form="main"/.test(asked.text)) asked = await decide(phone, asked, { number, mchid: mchids[1] });
  const home = await enter(desktop, shown);
  assert.match(home.text, new RegExp(mchids[1]));
});

test('the demo tells scripts its cast, its clock and its messages', async () => {
  const all = await credentials();
  assert.match(all.api_base_url, /^https:/);
  assert.match(all.ca_pem, /^-----BEGIN CERTIFICATE-----/);
  assert.match(all.platform.serial, /^[0-9A-F]{30,40}$/);
  assert.match(all.platform.public_key_id, /^PUB_KEY_ID_/);
  assert.match(all.platform.certificate_pem + all.platform.public_key_pem, /BEGIN CERTIFICATE[\s\S]*BEGIN PUBLIC KEY/);
  assert.equal(all.merchants.length, 7);
  const unbound = all.merchants.flatMap((m) => m.members).filter((m) => !m.bound);
  for (const m of unbound) assert.ok(m.initial_password);
  const { now, offset_seconds } = await (await fetch(`${base}/sandbox/api/clock`)).json();
  assert.ok(offset_seconds >= 0 && Date.parse(now) > 0);
  const moved = await fetch(`${base}/sandbox/api/clock/advance`, { method: 'POST', body: JSON.stringify({ duration: '1m' }) });
  const answer = await moved.json();
  assert.ok(Date.parse(answer.now) - Date.parse(now) >= 60_000 && typeof answer.ran === 'object');
  const { messages } = await (await fetch(`${base}/sandbox/api/messages?openid=${all.persons[0].openid}`)).json();
  assert.ok(Array.isArray(messages));
});
