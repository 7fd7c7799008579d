// The program and its database are killed at random moments while money moves in every way: what was
// acknowledged is there, nothing is there twice, and the channel did nothing that the books do not know.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Mortal } from './kill.mjs';
import { base, boundMember, credentials, soon } from './people.mjs';
import { Client, decide, mainForm, scan, ticket } from './script.mjs';

const lives = Number(process.env.ZHANGGUI_KILLS ?? 3);
const longest = 2500; // ms until a life ends
const shop = '1230000101';
const draw = random(Number(process.env.ZHANGGUI_KILL_SEED ?? 20261129));

/** Numbers from 0 to 1, of one seed always the same. */
function random(seed) {
  let x = seed >>> 0;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x / 2 ** 32;
  };
}

const demo = new Mortal(base);
before(() => demo.start());
after(() => demo.stop());

const api = async (path, body) => {
  const answer = await fetch(`${base}/sandbox/api/${path}`, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

async function enter(who) {
  const desktop = new Client(base);
  const shown = await desktop.get('/login');
  const { url, number } = ticket(shown);
  const phone = new Client(base);
  await decide(phone, await scan(phone, who.person, url), { number });
  const id = /\/login\/tickets\/([0-9a-f-]{36})\//.exec(shown.text)[1];
  const home = await desktop.post(`/login/tickets/${id}/session`, {});
  assert.equal(new URL(home.url).pathname, '/');
  return { desktop, phone, person: who.person };
}

/** Fills the page's main form and sends it as it wants to be sent. */
function submit(desktop, page, fields) {
  const { action, fields: hidden } = mainForm(page);
  const all = { ...hidden, ...fields };
  if (/<form[^>]*method="post"[^>]*data-form="main"|<form[^>]*data-form="main"[^>]*method="post"/i.test(page.text)) return desktop.post(action, all);
  return desktop.get(`${action}?${new URLSearchParams(all)}`);
}

/** Asks for an act by its form and its preview, and confirms it on the phone; true once the phone says that it is done. */
async function act({ desktop, phone, person }, path, fields) {
  let page = await desktop.get(path);
  for (let step = 0; step < 2 && page.status === 200; step++) page = await submit(desktop, page, fields);
  const { url, number } = ticket(page);
  if (!url) throw new Error(`${path} asks for no confirmation: ${page.status} ${page.url} ${/data-faults[^]*?<\/div>|banner-fail[^]*?<\/div>/.exec(page.text)?.[0]}`);
  const done = await decide(phone, await scan(phone, person, url), { number });
  return done.status === 200 && /已确认并执行/.test(done.text);
}

/** What one may do, by what tells it apart in its list: an amount that no other has. */
const kinds = {
  withdrawal: { path: '/funds/withdrawals/new', list: '/funds/withdrawals.json', fields: { account_type: 'BASIC', remark: '', bank_memo: '' }, least: 31 },
  move: { path: '/funds/transfers/new', list: '/funds/transfers.json', fields: { direction: 'to_operation' }, least: 32 },
  payment: { path: '/marketing/transfers/new', list: '/marketing/transfers.json', fields: { check_name: 'NO_CHECK', desc: '货款', re_user_name: '' }, least: 33 },
};

/** Payees in turn: one may not be paid again at once. */
let payees = [];
const payee = () => payees.push(payees.shift()) && payees.at(-1).openid;

const asked = []; // {kind, amount (fen), acknowledged}
const paid = []; // numbers of orders that were told to be paid
let amounts = Date.now() % 20_000; // a second run on the same data takes others

/** A connection that breaks because the program was killed is what this is about; anything else is not. */
const broken = (e) => e.cause?.code !== undefined || /fetch failed|terminated|other side closed/.test(String(e));

/** Asks for one thing after the other until the program is gone. */
async function busy(who, kind, alive) {
  const { path, fields, least } = kinds[kind];
  while (alive()) {
    const one = { kind, amount: least + 3 * ++amounts, acknowledged: false };
    asked.push(one);
    try {
      one.acknowledged = await act(who, path, { ...fields, amount: yuan(one.amount), ...(kind === 'payment' && { openid: payee() }) });
    } catch (e) {
      if (!alive() || broken(e)) return;
      throw e;
    }
  }
}

const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** Customers pay, until the program is gone. */
async function selling(alive) {
  while (alive()) {
    try {
      const { trades } = await api('trades', { mchid: shop, amount: 5000, count: 3, person: payees[0].id });
      paid.push(...trades.map((t) => t.transaction_id));
    } catch (e) {
      if (!alive() || broken(e) || /: 5\d\d /.test(String(e))) return;
      throw e;
    }
  }
}

/** Every row of a list, of pages one after another. */
async function all(desktop, list, enough = () => false) {
  const rows = [];
  for (let cursor = ''; ;) {
    const page = JSON.parse((await desktop.get(`${list}${list.includes('?') ? '&' : '?'}size=100&cursor=${encodeURIComponent(cursor)}`)).text);
    rows.push(...page.rows);
    if (!page.next || enough(rows)) return rows;
    cursor = page.next;
  }
}

test('kills at random moments lose nothing that was acknowledged, and do nothing twice', async () => {
  const owner = await boundMember(shop, 'super_admin');
  payees = (await credentials()).persons.filter((p) => p.id !== 'p-zhaoyi');
  await api('channel/faults', { operation: 'transfer', outcome: 'success', timeout_after_effect: 0.3, duplicate: 0.3, seed: 7 });
  await api('channel/faults', { operation: 'payout', outcome: 'success', timeout_after_effect: 0.3, duplicate: 0.3, seed: 7 });
  for (let life = 0; life < lives; life++) {
    if (life % 5 === 4) await api('clock/advance', { duration: '6m' }); // what waited for a phone lapses
    const sessions = await Promise.all(Object.keys(kinds).map(() => enter(owner)));
    let living = true;
    const work = [selling(() => living), ...Object.keys(kinds).map((kind, i) => busy(sessions[i], kind, () => living))];
    await new Promise((r) => setTimeout(r, 200 + draw() * longest)); // the moment of death is the test's own
    living = false;
    const dice = draw();
    await demo.kill({ program: dice < 0.6, server: dice > 0.4 });
    await Promise.all(work);
    await demo.start();
  }
  const { desktop } = await enter(owner);
  await api('clock/advance', { duration: '30m' });
  await soon('the end of what is under way', async () => {
    await api('clock/advance', { duration: '10m' });
    const open = [...await all(desktop, kinds.withdrawal.list), ...await all(desktop, kinds.payment.list)].filter((r) => /INIT|CREATE_SUCCESS|PROCESSING|WAIT/.test(r.status));
    return open.length === 0;
  }, 60);
  const { entries } = await api('channel/book');
  let acknowledged = 0;
  for (const [kind, { list }] of Object.entries(kinds)) {
    const rows = await all(desktop, list);
    for (const one of asked.filter((a) => a.kind === kind)) {
      const found = rows.filter((r) => r.amount === one.amount);
      assert.ok(found.length <= 1, `${kind} of ${one.amount} stands ${found.length} times`);
      if (one.acknowledged) assert.equal(found.length, 1, `the acknowledged ${kind} of ${one.amount} is gone`);
      acknowledged += one.acknowledged;
      for (const row of found.filter(() => kind !== 'move')) {
        const told = entries.filter((e) => e.amount === row.amount && e.operation === (kind === 'payment' ? 'transfer' : 'payout'));
        assert.equal(told.length, 1, `the channel's book has ${kind} ${row.amount} ${told.length} times`);
        assert.equal(told[0].effects, row.status === 'SUCCESS' ? 1 : 0, `${kind} ${row.amount} is ${row.status}`);
      }
    }
  }
  const known = new Set((await all(desktop, '/trades.json', (rows) => rows.length > paid.length + 2000)).map((t) => t.transaction_id));
  assert.deepEqual(paid.filter((no) => !known.has(no)), [], 'orders told to be paid are gone');
  const said = demo.verify();
  assert.ok(said.ok, JSON.stringify(said.checks.filter((c) => !c.ok)));
  assert.ok(acknowledged > lives, `only ${acknowledged} acts were acknowledged in ${lives} lives`);
  console.log(`# ${lives} kills, ${acknowledged} of ${asked.length} acts acknowledged, ${paid.length} orders paid`);
});
