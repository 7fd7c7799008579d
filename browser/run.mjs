// Runs the browser tests against one demo: node browser/run.mjs [file …]
// Files that move the clock by days come later and one by one: others would see their codes lapse. Files that
// kill the demo come last, on what it leaves behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, startDemo } from './demo.mjs';

const named = process.argv.slice(2);
const files = named.length ? named : readdirSync(join(root, 'browser')).filter((f) => f.endsWith('.test.mjs')).map((f) => join('browser', f));
const uses = (f, part) => readFileSync(join(root, f), 'utf8').includes(`from './${part}.mjs'`);
const killing = files.filter((f) => uses(f, 'kill'));
const last = files.filter((f) => f.endsWith('upgrade.test.mjs')); // changes a merchant for good
const moving = files.filter((f) => !last.includes(f) && uses(f, 'clock'));
const resting = files.filter((f) => !moving.includes(f) && !last.includes(f) && !killing.includes(f));
const demo = await startDemo();

/** Runs the files, so many at a time; how it ended. */
async function run(some, atOnce, env = {}) {
  if (some.length === 0) return 0;
  const tests = spawn(process.execPath, ['--test', `--test-concurrency=${atOnce}`, '--test-timeout=480000', ...some], {
    cwd: root,
    env: { ...process.env, ZHANGGUI_TEST_URL: demo.base, ...env },
    stdio: 'inherit',
  });
  return (await once(tests, 'exit'))[0] ?? 1;
}

let code = 1;
try {
  const first = await run(resting, 2);
  code = (await run(moving, 1)) || first;
  code = (await run(last, 1, demo.env)) || code;
  await demo.halt();
  code = (await run(killing, 1, demo.env)) || code;
} finally {
  await demo.stop();
}
process.exit(code);
