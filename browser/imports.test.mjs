// A finance clerk brings the official bill in: progress, result, the same file again, files that are at fault.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from './demo.mjs';
import { boundMember, launch, signIn } from './people.mjs';

const sample = 'tradebill-1900000109-2026-11-19.csv';
const bill = readFileSync(join(root, 'internal/trade/testdata/bills', sample));

let browser;
let page;
before(async () => {
  browser = await launch();
  page = await signIn(browser, await boundMember('1900000109', 'finance'));
});
after(async () => { await browser.close(); });

async function upload(name, buffer) {
  await page.goto('/trades/imports');
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer });
  await page.dblclick('form:has(input[type=file]) [type=submit]');
  await page.waitForURL(/\/trades\/imports\/[0-9a-f-]{36}/);
  await page.getByText(/账单已导入。|账单没有导入。|已经全部在册/).first().waitFor();
  return page.textContent('main');
}

test('a bill is imported, its sums stand beside the file’s own, and the orders can be found', async () => {
  const text = await upload(sample, bill);
  assert.match(text, /260/);
  assert.match(text, /11,795\.59/);
  await page.goto('/trades?no=010920261119080330000063');
  assert.match(await page.textContent('main'), /191\.87/);
});

test('the same bill again adds nothing and says so', async () => {
  const text = await upload(sample, bill);
  assert.match(text, /已经全部在册/);
});

test('files at fault store nothing and name the lines', async () => {
  const another = Buffer.from(bill.toString().replaceAll('1900000109', '1900000208').replaceAll('`0109', '`9909'));
  const cut = bill.subarray(0, bill.length >> 1);
  const sum = Buffer.from(bill.toString().replace('`11795.59', '`11795.60'));
  const gbk = Buffer.concat([Buffer.from([0xbd, 0xbb, 0xd2, 0xd7, 0xca, 0xb1, 0xbc, 0xe4, 0x2c]), bill]);
  for (const [name, file, words] of [
    ['another.csv', another, /第 2 行.*1900000208/s], ['cut.csv', cut, /中断|汇总/], ['sum.csv', sum, /汇总|合计/], ['gbk.csv', gbk, /GBK/],
  ]) assert.match(await upload(name, file), words, name);
  assert.match(await upload('mixed.csv', Buffer.concat([bill, bill])), /第 \d+ 行/);
});

test('names that look like formulas are shown as they are, and guarded in the CSV', async () => {
  const answer = await page.request.get('/trades.csv');
  const text = await answer.text();
  assert.match(answer.headers()['content-type'], /text\/csv/);
  for (const line of text.split('\n').slice(1)) assert.doesNotMatch(line, /(^|,)"?[=+@]/, line);
});
