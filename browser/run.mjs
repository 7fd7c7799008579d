// Runs the browser tests against one demo: node browser/run.mjs [file …]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, startDemo } from './demo.mjs';

const named = process.argv.slice(2);
const files = named.length ? named : readdirSync(join(root, 'browser')).filter((f) => f.endsWith('.test.mjs')).map((f) => join('browser', f));
const demo = await startDemo();
let code = 1;
try {
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=480000', ...files], {
    cwd: root,
    env: { ...process.env, ZHANGGUI_TEST_URL: demo.base },
    stdio: 'inherit',
  });
  [code] = await once(tests, 'exit');
} finally {
  await demo.stop();
}
process.exit(code ?? 1);
