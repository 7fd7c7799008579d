// The demo's clock, for stories that let days pass. All tests share it, and it only goes forward.
import assert from 'node:assert/strict';
import { base, opsIn } from './people.mjs';

const post = async (path, body) => {
  const answer = await fetch(`${base}/sandbox/api/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
  return answer.json();
};

export const clock = async () => (await fetch(`${base}/sandbox/api/clock`)).json();

/** Moves business time; all that falls due is done when it returns. */
export const advance = (duration) => post('clock/advance', { duration });

/** Moves business time to the moment, of Beijing; false where it is over. */
export async function advanceTo(day, time) {
  const seconds = Math.ceil((Date.parse(`${day}T${time}+08:00`) - Date.parse((await clock()).now)) / 1000);
  if (seconds > 0) await advance(`${seconds}s`);
  return seconds > 0;
}

/** The days of the year that are not what their weekday says, of the operators' calendar. */
export async function oddDays(browser, year) {
  const { operators } = await (await fetch(`${base}/sandbox/api/credentials`)).json();
  const page = await opsIn(browser, operators.find((o) => o.role === 'admin'));
  const { rows } = await (await page.request.get(`/ops/holidays.json?year=${year}`)).json();
  await page.context().close();
  return rows.map((r) => r.day);
}

/** The next day after the day that banks work on, by the operators' calendar. */
export async function nextWorkday(browser, day) {
  const year = Number(day.slice(0, 4));
  const odd = new Set([...(await oddDays(browser, year)), ...(await oddDays(browser, year + 1))]);
  for (let n = 1; ; n++) {
    const next = dayAfter(day, n);
    if ((weekday(next) % 6 === 0) === odd.has(next)) return next;
  }
}

export const payments = async (mchid, amount, count, person) => (await post('trades', { mchid, amount, count, person })).trades;

export const fault = (body) => post('channel/faults', body);

export const dayOf = (now) => new Date(Date.parse(now) + 8 * 3600_000).toISOString().slice(0, 10);

export const dayAfter = (day, days) => new Date(Date.parse(`${day}T00:00Z`) + days * 86400_000).toISOString().slice(0, 10);

export const weekday = (day) => new Date(`${day}T00:00Z`).getUTCDay();

/** Runs what must see the clock at rest again where another story moved it meanwhile. */
export async function whileClockRests(story) {
  for (let tries = 5; ; tries--) {
    const before = (await clock()).offset_seconds;
    try {
      return await story();
    } catch (e) {
      if (tries === 0 || (await clock()).offset_seconds === before) throw e;
    }
  }
}
