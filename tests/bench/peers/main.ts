/**
 * `npm run bench:peers`: the same products on the same digits by JAX, PyTorch and our engines, and the same spectra by
 * PyHessian, hessian-eigenthings and ours (`--spectra`: these alone), and slices (`--slices`: these alone). All run in processes that stay and are asked in turn, so that a slow moment of the machine meets all of them; each is pinned to as many
 * processors as it may use.
 */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { peersFolder } from '../../support/peers.ts';
import { type Contestant, startContestant } from './contestant.ts';
import { type CompileTimes, type Errors, type NetworkName, networks, type Work } from './protocol.ts';
import { type Group, markdown, type SpectralGroup, type Timing } from './report.ts';
import { gridOf, type SliceEntry, sliceTruth, timedSlices } from './slices.ts';
import { type SliceGroup, slicesTable } from './slices-report.ts';
import { timedSpectra } from './spectra.ts';

const quick = process.argv.includes('--quick');
const [spectraOnly, slicesOnly] = ['--spectra', '--slices'].map((flag) => process.argv.includes(flag));
const everything = !spectraOnly && !slicesOnly;
const asJson = process.argv.includes('--json');
/** `--threads 2` alone; by itself 1 and 2, with --quick 1. */
const threadsAt = process.argv.indexOf('--threads');
const wantedThreads = threadsAt < 0 ? (quick ? [1] : [1, 2]) : [Number(process.argv[threadsAt + 1])];
const rounds = quick ? 5 : 15;
/** Works that cost seconds, or that no limit is set to, get fewer. */
const roundsOf = (work: Work): number => (work === 'slice' ? sliceRounds : work === 'linearize' ? 5 : rounds);
/** A turn repeats its work until about so long has passed: short ones would measure the change of turns. */
const turnMs = 40;
const sliceRounds = quick ? 2 : 5;

const say = (text: string) => process.stderr.write(`${text}\n`);
const benchFolder = path.join(peersFolder, '..', '..', 'bench', 'peers');
const home = process.env.PEERS ?? path.join(os.homedir(), '.cache', 'saddlescope-peers');
const python = path.join(home, 'venv', 'bin', 'python');

/** The processors that this process may use, in ascending order; empty where it cannot be told or pinned. */
function allowedProcessors(): number[] {
  if (!existsSync('/usr/bin/taskset') || !existsSync('/proc/self/status')) return [];
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** Column, program, arguments. */
type Wanted = readonly [string, string, readonly string[]];

function engines(precision: 'float32' | 'float64'): Wanted[] {
  const ours = (...settings: string[]) => [path.join(__dirname, 'ours.cjs'), `precision=${precision}`, ...settings];
  const native: Wanted = ['native', process.execPath, ours('engine=tensorflow')];
  return precision === 'float32' ? [native, ['wasm', process.execPath, ours('engine=wasm')]] : [native];
}

function peersOf(threads: number, precision: 'float32' | 'float64'): Wanted[] {
  const peer = (library: string) => [
    path.join(benchFolder, 'peer.py'),
    library,
    peersFolder,
    String(threads),
    precision,
  ];
  return [
    ['JAX', python, peer('jax')],
    ['torch', python, peer('torch')],
  ];
}

function spectralPeers(threads: number): Wanted[] {
  const peer = (library: string) => [path.join(benchFolder, 'spectra_peer.py'), library, peersFolder, String(threads)];
  return [
    ['PyHessian', python, peer('pyhessian')],
    ['eigenthings', python, peer('eigenthings')],
  ];
}

async function start(threads: number, wanted: readonly Wanted[]): Promise<Contestant[]> {
  // The last ones: the first processor serves most of the machine's interrupts.
  const processors = allowedProcessors().slice(-threads);
  const count = String(threads);
  const environment = {
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    TF_NUM_INTRAOP_THREADS: count,
  };
  const started: Contestant[] = [];
  for (const [column, program, args] of wanted) {
    try {
      started.push(await startContestant({ column, program, args, processors, environment }));
    } catch (problem) {
      say(`${column} takes no part: ${(problem as Error).message}`);
    }
  }
  return started;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One work of all contestants in turn. Those that do not offer it are left out. */
async function timed(contestants: readonly Contestant[], network: NetworkName, work: Work): Promise<Timing[]> {
  const run = async (c: Contestant, times: number) =>
    (await c.ask<{ milliseconds: number[] }>({ ask: 'time', network, work, times })).milliseconds;
  const entries = [];
  for (const contestant of contestants) {
    const warm = await run(contestant, work === 'slice' ? 1 : 4);
    if (warm.length > 0) entries.push({ contestant, once: Math.min(...warm), found: [] as number[] });
  }
  for (let round = 0; round < roundsOf(work); round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const { contestant, once, found } = entries[(turn + round) % entries.length]!;
      // Whatever takes seconds is not at the limits that are to be held.
      if (once > 1500 && round > 0) continue;
      // Threads of the one before may still spin for their next task.
      await pause(5);
      found.push(...(await run(contestant, Math.max(1, Math.min(20, Math.round(turnMs / once))))));
    }
  }
  return entries.map(({ contestant, found }) => ({ column: contestant.column, network, work, milliseconds: found }));
}

async function group(threads: number, precision: 'float32' | 'float64'): Promise<Group> {
  say(`${precision}, ${threads} thread${threads === 1 ? '' : 's'} …`);
  const contestants = await start(threads, [
    ...(existsSync(python) ? peersOf(threads, precision) : []),
    ...engines(precision),
  ]);
  const compile: Group['compile'] = {};
  const errors: Group['errors'] = {};
  try {
    for (const contestant of contestants) {
      const { column } = contestant;
      compile[column] = {};
      for (const network of networks) {
        const reply = await contestant.ask<{ compile: CompileTimes }>({ ask: 'compile', network });
        compile[column][network] = reply.compile;
      }
      errors[column] = (await contestant.ask<{ errors: Errors }>({ ask: 'errors' })).errors;
    }
    const timings: Timing[] = [];
    const plan: Work[] = quick
      ? ['hessian', 'gaussNewton', 'slice']
      : ['hessian', 'gaussNewton', 'gradient', 'linearize', 'slice'];
    for (const network of networks) {
      for (const work of plan) {
        if (network === 'cnn' && work === 'slice') continue;
        timings.push(...(await timed(contestants, network, work)));
      }
    }
    const names = Object.fromEntries(contestants.map(({ column, name }) => [column, name]));
    return { threads, precision, names, timings, compile, errors };
  } finally {
    for (const contestant of contestants) contestant.end();
  }
}

async function spectralGroup(threads: number): Promise<SpectralGroup> {
  say(`spectra, ${threads} thread${threads === 1 ? '' : 's'} …`);
  const contestants = await start(threads, [
    ...(existsSync(python) ? spectralPeers(threads) : []),
    ...engines('float32'),
  ]);
  try {
    const names = Object.fromEntries(contestants.map(({ column, name }) => [column, name]));
    return { threads, names, timings: await timedSpectra(contestants, quick ? 1 : 3, say) };
  } finally {
    for (const contestant of contestants) contestant.end();
  }
}

/** Float64 losses do not depend on threads: asked for once. */
const truths = new Map<NetworkName, readonly number[] | null>();

async function sliceGroup(threads: number): Promise<SliceGroup> {
  say(`slices, ${threads} thread${threads === 1 ? '' : 's'} …`);
  const peer = (library: string) => [path.join(benchFolder, 'slices_peer.py'), library, peersFolder, String(threads)];
  const peers: Wanted[] = [
    ['JAX affine', python, peer('jax-affine')],
    ['JAX plain', python, peer('jax')],
    ['torch loop', python, peer('torch')],
    ['loss-landscapes', python, peer('loss-landscapes')],
  ];
  const ours: Wanted[] = [
    ...engines('float32'),
    ['float64', process.execPath, [path.join(__dirname, 'ours.cjs'), 'precision=float64']],
  ];
  const contestants = await start(threads, [...(existsSync(python) ? peers : []), ...ours]);
  try {
    const torch = contestants.find(({ column }) => column === 'torch loop');
    for (const network of networks)
      if (!truths.has(network)) truths.set(network, await sliceTruth(network, gridOf(network, quick), torch));
    const entries = contestants.flatMap((contestant): SliceEntry[] => {
      const { column } = contestant;
      if (column === 'native')
        return [
          { column, contestant, way: 'losses' },
          { column: 'native, all quantities', contestant, way: 'evaluations' },
          { column: 'native, plain loop', contestant, way: 'loop' },
        ];
      if (column === 'float64')
        return [
          { column, contestant, way: 'losses' },
          { column: 'float64, plain loop', contestant, way: 'loop' },
        ];
      return [{ column, contestant }];
    });
    const names = Object.fromEntries(contestants.map(({ column, name }) => [column, name]));
    return { threads, names, timings: await timedSlices(entries, truths, quick ? 2 : 4, quick, say) };
  } finally {
    for (const contestant of contestants) contestant.end();
  }
}

function machine(): string {
  const cores = os.cpus();
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return `${cores[0]?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} processors, ${memory} GiB, ${os.type()} ${os.release()}, Node ${process.versions.node}`;
}

async function main(): Promise<void> {
  const began = performance.now();
  if (!existsSync(python))
    say(
      `No JAX and PyTorch in ${home}: ours alone. To compare: python3 -m venv ${home}/venv && ` +
        `${home}/venv/bin/pip install -r ${path.relative(process.cwd(), path.join(benchFolder, 'requirements.txt'))}`,
    );
  const groups: Group[] = [];
  const spectra: SpectralGroup[] = [];
  const slices: SliceGroup[] = [];
  for (const threads of wantedThreads) {
    if (everything) {
      for (const precision of quick ? (['float32'] as const) : (['float32', 'float64'] as const)) {
        groups.push(await group(threads, precision));
      }
    }
    if (!slicesOnly) spectra.push(await spectralGroup(threads));
    if (!spectraOnly) slices.push(await sliceGroup(threads));
  }
  const seconds = (performance.now() - began) / 1000;
  const conditions = { machine: machine(), load: os.loadavg()[0] ?? 0, seconds, rounds };
  process.stdout.write(
    asJson
      ? `${JSON.stringify({ ...conditions, groups, spectra, slices })}\n`
      : markdown(conditions, groups, spectra) + slicesTable(slices),
  );
}

main().catch((problem: Error) => {
  say(problem.message);
  process.exitCode = 1;
});
