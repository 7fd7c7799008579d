// Takes docs/img/home.png from a demo that is started for it and signed in to by the phone.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, startDemo } from '../browser/demo.mjs';

const demo = await startDemo();
process.env.ZHANGGUI_TEST_URL = demo.base;
const { boundMember, launch, signIn } = await import('../browser/people.mjs');
const browser = await launch();
try {
  const page = await signIn(browser, await boundMember('1900000208', 'super_admin'), { deviceScaleFactor: 2 });
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  mkdirSync(join(root, 'docs/img'), { recursive: true });
  await page.screenshot({ path: join(root, 'docs/img/home.png') });
  console.log('docs/img/home.png');
} finally {
  await browser.close();
  await demo.stop();
}
