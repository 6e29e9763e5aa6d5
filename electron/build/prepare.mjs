/**
 * Brings a checkout into a state in which it can run: packages installed as the lock file says, bundles built from the
 * present sources, system packages there. Plain Node without any package, because none may be installed yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = path.join(root, 'node_modules');
const installStamp = path.join(modules, '.saddlescope-install');
const buildStamp = path.join(root, 'dist', '.built-from');
const lock = path.join(root, '.preparing');

const say = (line) => process.stderr.write(`${line}\n`);

/** Runs a program to its end with its output on standard error, and takes it along when this process is ended. */
function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 2, 2], detached: true, ...options });
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // it has ended by itself
      }
      releaseLock();
      process.exit(130);
    };
    const onInt = () => end('SIGTERM');
    process.once('SIGINT', onInt);
    process.once('SIGTERM', onInt);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.removeListener('SIGINT', onInt);
      process.removeListener('SIGTERM', onInt);
      if (code === 0) resolve();
      else reject(new Error(`'${[program, ...args].join(' ')}' ended with code ${code}.`));
    });
  });
}

/** Signal 0 asks only; a process of another user answers EPERM, and lives. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return problem.code === 'EPERM';
  }
}

function releaseLock() {
  try {
    if (fs.readFileSync(lock, 'utf8') === String(process.pid)) fs.unlinkSync(lock);
  } catch {
    // nothing is held
  }
}

/** No installation takes longer; an older lock names a process that only reuses the number of a dead one. */
const longestPreparationMs = 20 * 60_000;

/** The process that holds the lock, or null where the lock is left over from one that is gone. */
function lockHolder() {
  try {
    const { mtimeMs } = fs.statSync(lock);
    const pid = Number(fs.readFileSync(lock, 'utf8'));
    const age = Date.now() - mtimeMs;
    // An empty lock is one that its maker is about to write into.
    if (!(pid > 0)) return age < 2000 ? 'unknown' : null;
    return isAlive(pid) && age < longestPreparationMs ? pid : null;
  } catch {
    return null;
  }
}

/** Two starts at once must not install into one folder: the second waits for the first. */
async function withLock(work) {
  for (let told = false; ; ) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (problem) {
      if (problem.code !== 'EEXIST')
        throw new Error(`This folder cannot be prepared: ${problem.message}. Make ${root} writable for this user.`);
    }
    const holder = lockHolder();
    if (holder === null) fs.rmSync(lock, { force: true });
    else {
      if (!told) say(`Another start (process ${holder}) is preparing this folder; waiting for it.`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
  try {
    return await work();
  } finally {
    releaseLock();
  }
}

const digest = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

const readOrEmpty = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const wantedInstall = () =>
  digest(
    readOrEmpty(path.join(root, 'package.json')),
    readOrEmpty(path.join(root, 'package-lock.json')),
    process.version.split('.')[0],
  );

/** `npm ci` where package.json, the lock file or Node's major version differ from what is installed. */
export async function ensureInstalled() {
  if (readOrEmpty(installStamp) === wantedInstall()) return false;
  return withLock(async () => {
    if (readOrEmpty(installStamp) === wantedInstall()) return false;
    const started = Date.now();
    say('Installing the packages that the lock file names (once; about a minute) …');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await run(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      shell: process.platform === 'win32',
    });
    fs.mkdirSync(modules, { recursive: true });
    fs.writeFileSync(installStamp, wantedInstall());
    say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
    return true;
  });
}

function sourceFiles(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|css|json|html)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const wantedBuild = () => {
  const files = ['core', 'electron', 'renderer'].flatMap((folder) => sourceFiles(path.join(root, folder)));
  return digest(wantedInstall(), ...files.flatMap((file) => [path.relative(root, file), fs.readFileSync(file)]));
};

/** Bundles again where a source file differs from what the bundles were made of. */
export async function ensureBuilt() {
  if (readOrEmpty(buildStamp) === wantedBuild()) return false;
  return withLock(async () => {
    const wanted = wantedBuild();
    if (readOrEmpty(buildStamp) === wanted) return false;
    say('Building …');
    fs.rmSync(buildStamp, { force: true });
    await run(process.execPath, [path.join(root, 'electron', 'build', 'build.mjs')]);
    fs.writeFileSync(buildStamp, wanted);
    return true;
  });
}

const installed = (name) =>
  spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' }).stdout?.includes(
    'install ok installed',
  ) ?? false;

/**
 * System packages on Debian and Ubuntu: installed by apt-get when this process is root, else the one line to run is
 * printed. Returns the names that are still missing, for the caller to count what it has to skip.
 */
export function ensureSystemPackages(names) {
  if (names.length === 0) return [];
  const isDebian = /\b(debian|ubuntu)\b/.test(readOrEmpty('/etc/os-release'));
  if (!isDebian) {
    say(`This system is neither Debian nor Ubuntu; useful programs to have: ${names.join(', ')}.`);
    return names;
  }
  const missing = names.filter((name) => !installed(name));
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0) {
    say(`Missing system packages. Run: sudo apt-get install -y ${missing.join(' ')}`);
    return missing;
  }
  say(`Installing system packages: ${missing.join(' ')} …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: ['ignore', 'ignore', 'ignore'], env: environment };
  const install = () => spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], options).status;
  if (install() !== 0) {
    spawnSync('apt-get', ['update'], options);
    install();
  }
  return missing.filter((name) => !installed(name));
}

/**
 * The native engine, installed into `home` by the built command line where there is none of this version. Answers null where it
 * is there, else why not: what needs it is then skipped.
 */
export function ensureEngine(home) {
  const engine = (args, errors) =>
    spawnSync(process.execPath, [path.join(root, 'dist', 'cli', 'saddlescope.cjs'), 'engine', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', errors],
      env: { ...process.env, SADDLESCOPE_ENGINES: home },
    });
  const listed = engine(['list', '--json'], 2);
  if (listed.status !== 0) return 'its list cannot be read';
  if (JSON.parse(listed.stdout).engines.some(({ active, addonIsPresent }) => active && addonIsPresent)) return null;
  say('Installing the native engine (once; some 200 MB are fetched) …');
  const { status, stderr } = engine(['install'], 'pipe');
  return status === 0 ? null : stderr.trim().split('\n').slice(-2).join(' ');
}
