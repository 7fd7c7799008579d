// A phone's camera: the code on the screen is photographed at an angle, small and noisy, and still signs in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { base, boundMember, card, decide, launch } from './people.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const side = 300;
const fixtures = [
  { name: 'from the left', lens: 'rotateY(32deg) rotateX(8deg) rotate(-6deg)', fill: 1.15, noise: 12, quality: 0.4, seed: 1 },
  { name: 'from below, turned', lens: 'rotateX(36deg) rotateY(-12deg) rotate(21deg)', fill: 1.15, noise: 18, quality: 0.4, seed: 2 },
  { name: 'upside down in dim light', lens: 'rotateY(-20deg) rotateX(-18deg) rotate(172deg)', fill: 1.2, noise: 20, quality: 0.35, seed: 3, light: 0.55 },
];

/** A photograph of the screenshot: JPEG, 300 px, with the noise of a small sensor. */
async function photograph(screenshot, { lens, fill, noise, quality, seed, light = 0.9 }) {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
  const desk = await context.newPage();
  try {
    await desk.setContent(`<body style="margin:0;background:#3c3c3c;display:grid;place-items:center;height:900px;overflow:hidden">
      <img style="width:${Math.round(600 * fill)}px;transform:perspective(1500px) ${lens};filter:brightness(${light}) blur(1px)"
        src="data:image/png;base64,${screenshot.toString('base64')}"></body>`);
    await desk.locator('img').evaluate((img) => img.decode());
    const seen = (await desk.screenshot()).toString('base64');
    const jpeg = await desk.evaluate(async ({ seen, side, noise, quality, seed }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${seen}`;
      await image.decode();
      const canvas = new OffscreenCanvas(side, side);
      const pen = canvas.getContext('2d');
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(image, 0, 0, side, side);
      const pixels = pen.getImageData(0, 0, side, side);
      let state = seed;
      const draw = () => { // mulberry32: the same photograph each time
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
      };
      for (let i = 0; i < pixels.data.length; i++) if (i % 4 < 3) pixels.data[i] += (draw() + draw() + draw() - 1.5) * 2 * noise;
      pen.putImageData(pixels, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      return [...new Uint8Array(await blob.arrayBuffer())];
    }, { seen, side, noise, quality, seed });
    return Buffer.from(jpeg);
  } finally {
    await context.close();
  }
}

/** The phone's 扫一扫 with a picture. */
async function scanPicture(person, picture) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: base });
  const phone = await context.newPage();
  await phone.goto(`/sandbox/phone/${person}/scan`);
  await phone.setInputFiles('[name=picture]', picture);
  await phone.click('form:has([name=picture]) [type=submit]');
  return phone;
}

for (const fixture of fixtures)
  test(`the code photographed ${fixture.name} leads to the confirmation`, async () => {
    const who = await boundMember('1900000109', 'super_admin');
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: base });
    const page = await context.newPage();
    await page.goto('/login');
    const { number } = await card(page);
    const picture = await photograph(await page.locator('[data-ticket-url]').screenshot(), fixture);
    if (process.env.ZHANGGUI_SHOTS) (await import('node:fs')).writeFileSync(`${process.env.ZHANGGUI_SHOTS}/${fixture.seed}.jpg`, picture);
    const phone = await scanPicture(who.person, { name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: picture });
    await phone.waitForURL('**/m/t/**');
    assert.match(await phone.textContent('main'), /登录老王面馆/);
    await decide(phone, { number });
    await page.waitForURL((u) => !u.pathname.startsWith('/login'));
    await phone.context().close();
    await context.close();
  });

test('a picture without a code is refused beside the field', async () => {
  const who = await boundMember('1900000109', 'super_admin');
  const blank = await photograph(await (await browser.newPage()).screenshot(), fixtures[0]);
  const phone = await scanPicture(who.person, { name: 'IMG_0002.jpg', mimeType: 'image/jpeg', buffer: blank });
  assert.match(await phone.textContent('main'), /二维码/);
  assert.match(phone.url(), /\/scan$/);
  await phone.context().close();
});
