// Builds static/dist: stylesheet, scripts, pictures under names that carry their hash, each also compressed,
// and manifest.json, which is all that static.go believes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(here, 'dist');
// What the stylesheet needs anyway; see the notes on older web views beside phone.css.
const target = ['chrome111', 'safari16.4', 'firefox113'];

const scratch = mkdtempSync(join(tmpdir(), 'zhanggui-assets-'));
const styles = ['app', 'phone', 'ops'].map((name) => {
  const style = join(scratch, `${name}.css`);
  execFileSync(join(root, 'node_modules/.bin/tailwindcss'), ['-i', join(here, `css/${name}.css`), '-o', style], {
    cwd: root,
    stdio: 'pipe', // shown with the error, if there is one
  });
  return { in: style, out: name };
});

mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (name !== '.keep') rmSync(join(dist, name));

const { metafile } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: [
    { in: join(here, 'js/app.js'), out: 'app' },
    ...styles,
    { in: join(here, 'mark.svg'), out: 'mark' },
  ],
  outdir: dist,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  loader: { '.svg': 'copy' },
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  target,
  metafile: true,
});
rmSync(scratch, { recursive: true });

const plain = ['app.js', 'app.css', 'phone.css', 'ops.css', 'mark.svg'];
const manifest = { names: {}, files: [] };
for (const [path, made] of Object.entries(metafile.outputs)) {
  const name = basename(path);
  const bytes = readFileSync(join(dist, name));
  const small = gzipSync(bytes, { level: 9 });
  if (small.length < bytes.length) writeFileSync(join(dist, `${name}.gz`), small);
  manifest.files.push(name);
  const entry = made.entryPoint && basename(made.entryPoint);
  if (plain.includes(entry)) manifest.names[entry] = name;
  console.log(`${name.padEnd(24)} ${String(bytes.length).padStart(7)}  gz ${small.length}`);
}
manifest.files.sort();
for (const name of plain) if (!manifest.names[name]) throw new Error(`${name} was not built`);
writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
