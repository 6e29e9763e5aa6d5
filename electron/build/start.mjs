/**
 * `npm start`: prepares the checkout and opens the window; with `--headless`, or where no window can be had, the start-up
 * experiment runs in the terminal. Other words go to the app: files and run folders to open, `--runs DIR`.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureElectron, runtimeLine } from './electron-runtime.mjs';
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs';
import { runBundle } from './run-bundle.mjs';

const words = process.argv.slice(2);
const say = (line) => process.stderr.write(`${line}\n`);
const onLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;

const inTerminal = () => runBundle(['first-light', ...words.filter((word) => word !== '--headless')]);

/** Shared libraries that the system lacks; Debian's packages of them stand in the README. */
function missingLibraries(program) {
  if (!onLinux) return [];
  const { stdout = '' } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? []);
}

const setting = (name) => {
  try {
    return fs.readFileSync(`/proc/sys/kernel/${name}`, 'utf8').trim();
  } catch {
    return '';
  }
};

/** Where users may not make namespaces, Chromium's sandbox needs its helper to belong to root. */
function sandboxProblem(program) {
  const refused =
    setting('unprivileged_userns_clone') === '0' || setting('apparmor_restrict_unprivileged_userns') === '1';
  if (!onLinux || isRoot || !refused) return null;
  const helper = path.join(path.dirname(program), 'chrome-sandbox');
  const { uid, mode } = fs.statSync(helper);
  if (uid === 0 && (mode & 0o4000) !== 0) return null;
  return `Chromium's sandbox is not allowed here. Run once: sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`;
}

/** The Electron to start, or the sentence why there is no window. */
function windowRuntime() {
  if (onLinux && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { why: 'There is no display' };
  const runtime = ensureElectron();
  if (runtime === null) return { why: 'No Electron could be had for this system' };
  const missing = missingLibraries(runtime.program);
  if (missing.length > 0) return { why: `The window needs ${missing.join(', ')} (packages: see the README)` };
  const why = sandboxProblem(runtime.program);
  return why === null ? { runtime } : { why };
}

async function prepared() {
  try {
    await ensureInstalled();
    await ensureBuilt();
  } catch (problem) {
    say(`${problem.message} Look at the lines above, mend it and start again.`);
    process.exit(1);
  }
}

function openWindow(runtime) {
  say(runtimeLine(runtime));
  // Of Chromium's own log only what ends it: what we have to say is said in the window and in our log.
  const flags = ['--log-level=3'];
  if (onLinux && isRoot) {
    say('This user is root: Chromium starts without its sandbox. Use another user for files that you do not trust.');
    flags.push('--no-sandbox');
  }
  const runs = words.some((word) => word.startsWith('--runs')) ? [] : ['--runs', path.resolve('runs')];
  const environment = { ...process.env };
  // Set by some editors for the programs that they start; Electron would run as plain Node.
  delete environment.ELECTRON_RUN_AS_NODE;
  const child = spawn(runtime.program, [...flags, root, ...runs, ...words], { stdio: 'inherit', env: environment });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (problem) => {
    say(`The window could not be started: ${problem.message}. Use npm start -- --headless.`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

if (words.includes('--headless')) await inTerminal();
else {
  await prepared();
  const { runtime, why } = windowRuntime();
  if (runtime) openWindow(runtime);
  else {
    say(`${why}: the start-up experiment runs in the terminal.`);
    await inTerminal();
  }
}
