// A demo that is killed and comes back: on the data of the stories before it, which run.mjs leaves for it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, waitFor } from './demo.mjs';

/** The demo's own database server, a child of the program. */
function server(of) {
  for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const [, comm, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      if (comm === 'postgres' && Number(parent) === of) return Number(pid);
    } catch {
      continue; // it went away meanwhile
    }
  }
  throw new Error('the demo has no database server');
}

export class Mortal {
  constructor(base) {
    this.base = base;
    this.env = { ...process.env, ZHANGGUI_LOG: 'ERROR', NO_COLOR: '1' };
  }

  async start() {
    this.child = spawn(join(root, 'bin/zhanggui'), ['demo'], { env: this.env, stdio: ['ignore', 'ignore', 'inherit'] });
    await waitFor(`${this.base}/readyz`, this.child);
  }

  /** Kills the program, its server, or both, and waits until the program is gone. */
  async kill({ program, server: database }) {
    const gone = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, 'exit') : null;
    if (database) process.kill(server(this.child.pid), 'SIGKILL');
    if (program) this.child.kill('SIGKILL');
    await gone;
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }

  /** What `zhanggui verify` says, of what is not as it must be too. */
  verify() {
    return JSON.parse(spawnSync(join(root, 'bin/zhanggui'), ['verify', '--json'], { env: this.env, encoding: 'utf8', maxBuffer: 1 << 26 }).stdout);
  }
}
