// Bundles the console into ../dist, every file compressed, and gathers the licences of what is in it.
import { build } from 'esbuild';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const out = path.resolve('../dist');
const result = await build({
  entryPoints: {
    console: 'console.jsx',
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
  },
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file', '.woff': 'file', '.woff2': 'file' },
  assetNames: '[name]',
  outdir: out,
  metafile: true,
  write: false,
});

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const files = result.outputFiles.map((file) => [path.basename(file.path), file.contents]);
files.push(['index.html', await readFile('index.html')]);
for (const [name, contents] of files) {
  await writeFile(path.join(out, `${name}.gz`), gzipSync(contents, { level: 9 }));
}

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
let licences = 'What web/dist is made of, and under which licences.\n';
for (const name of [...packages].sort()) {
  const folder = path.join('node_modules', name);
  const about = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(path.join(folder, file), 'utf8') : 'The package carries no licence file.\n';
  licences += `\n${'-'.repeat(80)}\n${name} ${about.version}: ${about.license}\n\n${text.trim()}\n`;
}
await writeFile('../LICENCES', licences);

const sizes = {};
for (const output of Object.values(result.metafile.outputs)) {
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const name = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? 'ours';
    sizes[name] = (sizes[name] ?? 0) + bytesInOutput;
  }
}
for (const [name, size] of Object.entries(sizes).sort((a, b) => b[1] - a[1]).slice(0, 12)) {
  console.log(`${String(Math.round(size / 1024)).padStart(6)} kB  ${name}`);
}
