// Every page is sound HTML: what a browser forgives, a screen reader or an older browser may not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { root } from './demo.mjs';
import { base, boundMember } from './people.mjs';
import { Client, decide, scan, ticket } from './script.mjs';

const validator = new HtmlValidate(new StaticConfigLoader({
  extends: ['html-validate:recommended'],
  rules: {
    // How it is spelled is the generator's.
    'attribute-boolean-style': 'off',
    'doctype-style': 'off',
    'no-implicit-close': 'off',
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'long-title': 'off', // names are as long as merchants make them
    'meta-refresh': 'off', // how a page without JavaScript follows what it waits for
    'unique-landmark': 'off', // a table scrolls inside the section that has its name
  },
}));

const routes = JSON.parse(execFileSync(join(root, 'bin/zhanggui'), ['routes', '--json'], { encoding: 'utf8' }));
const open = (kinds) => routes.filter((r) => r.method === 'GET' && kinds.includes(r.kind) && !/[{*]|:\w/.test(r.path)
  && !/\.(csv|json)$/.test(r.path) && !/^\/(ops|m\/oauth|m\/check|sandbox\/(api|wechat))/.test(r.path)).map((r) => r.path);

const desk = new Client(base);
const stranger = new Client(base);
const phone = new Client(base);
let who;
let asked;
let told;
before(async () => {
  who = await boundMember('1900000208', 'finance');
  const shown = await desk.get('/login');
  const { url, number } = ticket(shown);
  asked = await scan(phone, who.person, url);
  told = await decide(phone, asked, { number });
  await desk.post(`/login/tickets/${/\/login\/tickets\/([0-9a-f-]{36})\//.exec(shown.text)[1]}/session`, {});
});

async function sound(page) {
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/, page.url);
  const { results } = await validator.validateString(page.text, page.url);
  const faults = results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message} — ${page.text.slice(m.offset, m.offset + 90)}`));
  assert.deepEqual(faults, [], page.url);
}

describe('pages are sound HTML', () => {
  for (const path of ['/login', '/login/password']) test(path, async () => sound(await stranger.get(path)));
  for (const path of [...open(['page', 'sandbox']), '/trades?no=nobody00', '/trades?min=abc', '/nothing-here']) {
    test(`${path} signed in`, async () => sound(await desk.get(path)));
  }
  test('one order', async () => {
    const [, href] = /<tbody>[\s\S]*?href="([^"]+)"/.exec((await desk.get('/trades')).text);
    await sound(await desk.get(href));
  });
  test('the phone: what it asks, and what came of it', async () => {
    await sound(asked);
    await sound(told);
    await sound(await phone.get('/m/t/nobody-has-this-code'));
  });
  test("a person's phone in the demo", async () => sound(await stranger.get(`/sandbox/phone/${who.person}/`)));
});
