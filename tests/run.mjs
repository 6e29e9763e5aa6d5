/**
 * `npm test`: the whole truth about this checkout. Prepares it, then format, lint, types, layer rules and the tests;
 * prints at its end, alone on a line, `N passed, N failed` (and how many were skipped, each named above with its reason).
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureElectron, runtimeLine } from '../electron/build/electron-runtime.mjs';
import { ensureBuilt, ensureEngine, ensureInstalled, ensureSystemPackages, root } from '../electron/build/prepare.mjs';
import { testEngines } from './engines.mjs';
import { virtualDisplay } from './virtual-display.mjs';

const long = process.argv.includes('--long');
/** python3-numpy, python3-h5py: our files are read back by NumPy and HDF5 themselves. python3-pip fetches the native engine. The rest opens a window without a screen. */
const testPackages = [
  ...[
    'python3-numpy',
    'python3-h5py',
    'python3-pip',
    'xvfb',
    'xauth',
    'libgtk-3-0',
    'libnss3',
    'libasound2',
    'libgbm1',
    'libxss1',
  ],
  ...['libatk-bridge2.0-0', 'libdrm2', 'libxkbcommon0'],
];

const program = (name) => path.join(root, 'node_modules', ...name.split('/'));

function run(args, { quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

const typescriptFiles = (folder) =>
  fs
    .readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')).length;

const layered = ['core', 'electron', 'renderer'];

/** Layer rules; a run that saw fewer modules than there are files is no proof and fails. */
async function layerRules() {
  const { output } = await run(
    [program('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', 'tests/layers.cjs', '-T', 'json', ...layered],
    { quiet: true },
  );
  let report;
  try {
    report = JSON.parse(output.slice(output.indexOf('{')));
  } catch {
    return { code: 1, output };
  }
  const seen = report.modules.filter(({ source }) =>
    /^(core|electron|renderer)\/.*(?<!\.d)\.tsx?$/.test(source),
  ).length;
  const wanted = layered.reduce((sum, folder) => sum + typescriptFiles(folder), 0);
  const lines = report.summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`);
  if (seen !== wanted) lines.push(`saw ${seen} of ${wanted} modules`);
  return { code: lines.length === 0 ? 0 : 1, output: lines.join('\n'), note: `${seen} modules` };
}

const biome = (verb) =>
  run([program('@biomejs/biome/bin/biome'), verb, '--config-path=tests/style.json', '--max-diagnostics=40', '.'], {
    quiet: true,
  });
const types = (project) => run([program('typescript/bin/tsc'), '-p', project], { quiet: true });

const gates = [
  ['format', () => biome('format')],
  ['lint', () => biome('lint')],
  ['types of core (neither DOM nor Node)', () => types('core')],
  ['types of electron', () => types('electron')],
  ['types of the page', () => types('renderer')],
  ['types of tests', () => types('tests')],
  ['types of tests of the window', () => types('tests/tsconfig.window.json')],
  ['layer rules', layerRules],
];

/** Told once more at the very end, where whoever reads only the end of a long log finds them. */
const failures = [];

/** A file that fails as a whole has no test that failed. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  const lines = failed.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
  return status === 'failed' && lines.length === 0 ? [`${file}: ${firstLine(message)}`] : lines;
}

const firstLine = (text = '') => text.split('\n', 1)[0];

async function vitest(config) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'saddlescope-tests-')), 'report.json');
  const { code } = await run([
    program('vitest/vitest.mjs'),
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  let report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] };
  try {
    report = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    process.stdout.write('The test runner left no report.\n');
  }
  const skipped = report.testResults.flatMap((suite) =>
    suite.assertionResults.filter(
      (test) => test.status === 'pending' || test.status === 'skipped' || test.status === 'todo',
    ),
  );
  for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`);
  for (const suite of report.testResults) failures.push(...failuresOf(suite));
  const failed = Math.max(report.numFailedTests, code === 0 && report.numPassedTests > 0 ? 0 : 1);
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
  return { passed: report.numPassedTests, failed, skipped: skipped.length };
}

try {
  const missing = ensureSystemPackages(testPackages);
  if (missing.length > 0) process.stdout.write(`not there, so what needs it is skipped: ${missing.join(', ')}\n`);
  await ensureInstalled();
  await ensureBuilt();
  const withoutEngine = ensureEngine(testEngines);
  if (withoutEngine !== null) process.stdout.write(`no native engine, so what needs it is skipped: ${withoutEngine}\n`);
} catch (problem) {
  process.stdout.write(`${problem.message}\n0 passed, 1 failed\n`);
  process.exit(1);
}

const began = Date.now();
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, gate] of long ? [] : gates) {
  const started = Date.now();
  const { code, output, note } = await gate();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name}${note ? `: ${note}` : ''} (${seconds} s)\n`);
  if (code === 0) total.passed += 1;
  else {
    total.failed += 1;
    failures.push(name);
    process.stdout.write(`${output}\n`);
  }
}
const count = (tests) => {
  for (const key of Object.keys(total)) total[key] += tests[key];
};
count(await vitest(long ? 'tests/vitest.long.config.ts' : 'tests/vitest.config.ts'));
const electron = ensureElectron();
const display = electron === null ? null : await virtualDisplay();
if (electron === null || display === null) {
  process.stdout.write(
    `The window cannot be opened here: ${electron === null ? 'no Electron' : 'no display and no Xvfb'}.\n`,
  );
  total.failed += 1;
} else {
  process.stdout.write(`\n${runtimeLine(electron)}\n`);
  process.env.DISPLAY = display.name;
  count(await vitest(long ? 'tests/vitest.e2e.long.config.ts' : 'tests/vitest.e2e.config.ts'));
  display.close();
}
if (!long) {
  const suites = fs
    .readdirSync(path.join(root, 'tests'), { recursive: true })
    .filter((name) => name.endsWith('.long.test.ts'));
  process.stdout.write(`\nnot part of this run: ${suites.length} long suites (npm run test:long)\n`);
}
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`total ${Math.round((Date.now() - began) / 1000)} s\n`);
process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(total.failed === 0 ? 0 : 1);
