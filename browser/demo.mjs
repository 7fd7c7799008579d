// A demo of its own for the browser tests: a free port, a data folder that goes away again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const startMax = 300_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

export async function waitFor(url, child) {
  const end = Date.now() + startMax;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}`);
    if (Date.now() > end) throw new Error(`${url} does not answer`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** Starts `zhanggui demo`; ready waits for the seed, else the sign-in page is enough. halt leaves the data, stop does not. */
export async function startDemo({ ready = true, env = {} } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-browser-'));
  const listen = `127.0.0.1:${await freePort()}`;
  const place = { ZHANGGUI_DEMO_DAYS: '125', ZHANGGUI_TICKETS_PER_MINUTE: '1000', ZHANGGUI_TICKETS_WAITING: '200', ZHANGGUI_DATA: data, ZHANGGUI_LISTEN: listen, ZHANGGUI_API_LISTEN: `127.0.0.1:${await freePort()}` };
  const child = spawn(join(root, 'bin/zhanggui'), ['demo'], {
    env: { ...process.env, ...place, ZHANGGUI_LOG: 'WARN', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const base = `http://${listen}`;
  const halt = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  };
  const stop = async () => {
    await halt();
    const claim = join(data, 'postgres/elsewhere'); // where the database is that could not be below the data folder
    if (existsSync(claim)) rmSync(readFileSync(claim, 'utf8').trim(), { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await waitFor(`${base}${ready ? '/readyz' : '/livez'}`, child);
  } catch (e) {
    await stop();
    throw e;
  }
  return { base, child, data, env: place, halt, stop };
}
