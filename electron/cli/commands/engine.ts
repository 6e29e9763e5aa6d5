import { BadInput } from '../../../core/bad-input.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { hasPresentAddon } from '../../host/engine/addon.ts';
import type { Verification } from '../../host/engine/check-operations.ts';
import { checkOperations } from '../../host/engine/check-operations.ts';
import { EngineFault } from '../../host/engine/engine-fault.ts';
import {
  activeEngine,
  engineFolder,
  enginesHome,
  type InstalledEngine,
  installedEngines,
  notInstalled,
  useEngine,
} from '../../host/engine/engines-home.ts';
import { sweepEngines } from '../../host/engine/engines-lock.ts';
import { defaultVersion, type InstallProgress, installEngine } from '../../host/engine/install-engine.ts';
import { loadEngine } from '../../host/engine/load-engine.ts';
import { removeEngines } from '../../host/engine/remove-engine.ts';
import { type VerificationReport, verifyEngine } from '../../host/engine/verify-engine.ts';
import type { Arguments } from '../arguments.ts';
import type { Command, Terminal } from '../command.ts';
import { exitCode } from '../exit-codes.ts';
import { type ProgressLine, progressLine } from '../terminal/progress-line.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const checkLine = ({
  version,
  results,
  worstFloat32,
  worstFloat64,
  product512Ms,
  devices,
  threads,
}: Verification): string =>
  `TensorFlow ${version}: ${results} results right, to ${worstFloat32.toExponential(1)} in float32 and ${worstFloat64.toExponential(1)} in float64; ` +
  `512³ product ${product512Ms.float32.toFixed(1)} ms in float32, ${product512Ms.float64.toFixed(1)} ms in float64 ` +
  `(${devices.map(({ kind }) => kind).join(', ')}, ${threads} threads)`;

const engineLine = ({ record, active }: InstalledEngine, isPresent: boolean): string =>
  `${active ? '*' : ' '} ${record.name.padEnd(24)} ${megabytes(record.sizeBytes).padStart(8)}   ${record.gpu ? 'GPU' : 'CPU'}, ${record.addon} addon, ` +
  (isPresent ? `checked ${record.verified.date.slice(0, 10)}` : 'of another version of saddlescope: install it again');

const phaseNames: Readonly<Record<InstallProgress['phase'], string>> = {
  download: 'downloading',
  unpack: 'unpacking',
  compile: 'compiling the addon',
  verify: 'checking',
};

async function install(args: Arguments, { out, err, stop }: Terminal): Promise<number> {
  const abort = new AbortController();
  const release = stop.onStop(() => abort.abort());
  let last = { stage: '', done: -1 };
  let line: ProgressLine | null = null;
  const endLine = () => {
    line?.end();
    line = null;
  };
  try {
    const engine = await installEngine({
      gpu: args.has('gpu'),
      version: args.text('version'),
      wheel: args.text('wheel'),
      signal: abort.signal,
      onProgress({ phase, of, done, total, unit }) {
        const stage = `${phaseNames[phase]}${of ? ` ${of}` : ''}`;
        if (stage === last.stage && done === last.done) return;
        // A line for each stage, so that what is left is told of it alone.
        if (stage !== last.stage) endLine();
        last = { stage, done };
        if (unit === 'MB') {
          line ??= progressLine(err);
          line.update(done, total, unit, stage);
        } else err.write(`${stage} …\n`);
      },
    });
    endLine();
    out.write(
      `${checkLine(engine.record.verified)}\n${engine.record.name} is installed and in use (${engine.folder}).\n`,
    );
    return exitCode.done;
  } finally {
    endLine();
    release();
  }
}

async function list(args: Arguments, { out }: Terminal): Promise<number> {
  const home = enginesHome();
  await sweepEngines(home);
  const engines = await installedEngines(home);
  const present = await Promise.all(engines.map(hasPresentAddon));
  if (args.has('json')) {
    const rows = engines.map(({ folder, active, record }, i) => ({
      ...record,
      folder,
      active,
      addonIsPresent: present[i] ?? false,
    }));
    out.write(`${writeJson({ home, engines: rows })}\n`);
  } else if (engines.length === 0) out.write(`No engine is installed in ${home}: saddlescope engine install.\n`);
  else {
    const lines = engines.map((engine, i) => engineLine(engine, present[i] ?? false));
    out.write(`${[...lines, `  in ${home}; * is in use`].join('\n')}\n`);
  }
  return exitCode.done;
}

async function use(args: Arguments, { out }: Terminal): Promise<number> {
  const { record } = await useEngine(nameOf(args, 'use'));
  out.write(`${record.name} is in use.\n`);
  return exitCode.done;
}

async function remove(args: Arguments, { out }: Terminal): Promise<number> {
  const all = args.has('all');
  const [, given] = args.operands;
  if (all && given !== undefined) throw new BadInput(`Both ${given} and --all were given.`, 'Give one of them.');
  const active = activeEngine()?.record.name;
  const name = all ? null : (given ?? active);
  if (name === undefined)
    throw new BadInput('No engine is in use.', 'Give the name of one (saddlescope engine list), or --all.');
  const names = await removeEngines(name);
  out.write(
    names.length === 0 ? 'No engine was installed.\n' : `${names.map((one) => `${one} is removed.`).join('\n')}\n`,
  );
  return exitCode.done;
}

async function verify(args: Arguments, { out, stop }: Terminal): Promise<number> {
  const engines = await installedEngines();
  const name = args.operands[1] ?? activeEngine()?.record.name;
  if (name === undefined) throw new BadInput('No engine is in use.', 'Install one: saddlescope engine install.');
  engineFolder(enginesHome(), name);
  const engine = engines.find(({ record }) => record.name === name);
  if (engine === undefined) throw notInstalled(name, engines);
  const abort = new AbortController();
  const release = stop.onStop(() => abort.abort());
  try {
    const verified = await verifyEngine(engine.folder, { signal: abort.signal });
    out.write(args.has('json') ? `${writeJson(verified)}\n` : `${checkLine(verified)}\n`);
    return exitCode.done;
  } catch (problem) {
    if (abort.signal.aborted) throw new BadInput('The check was stopped.', 'Start it again when you like.');
    if (!(problem instanceof EngineFault)) throw problem;
    throw new BadInput(
      `${name} does not work: ${problem.message}.`,
      `Remove it (saddlescope engine remove ${name}) and install it again.`,
    );
  } finally {
    release();
  }
}

/** What the checking process runs: it may crash, and what it found is one line of JSON. */
async function probe(args: Arguments, { out }: Terminal): Promise<number> {
  let report: VerificationReport;
  try {
    report = { verified: checkOperations(loadEngine(args.operands[1] ?? '')) };
  } catch (problem) {
    const stage = problem instanceof EngineFault ? problem.stage : 'library';
    report = { fault: { stage, message: problem instanceof Error ? problem.message : String(problem) } };
  }
  out.write(`${JSON.stringify(report)}\n`);
  return exitCode.done;
}

function nameOf({ operands }: Arguments, action: string): string {
  const [, name] = operands;
  if (name === undefined)
    throw new BadInput(`engine ${action} needs the name of an engine.`, 'saddlescope engine list tells the names.');
  return name;
}

interface Action {
  readonly options: readonly string[];
  readonly takesName: boolean;
  run(args: Arguments, terminal: Terminal): Promise<number>;
}

const actions: Readonly<Record<string, Action>> = {
  install: { options: ['gpu', 'version', 'wheel'], takesName: false, run: install },
  list: { options: ['json'], takesName: false, run: list },
  use: { options: [], takesName: true, run: use },
  remove: { options: ['all'], takesName: true, run: remove },
  verify: { options: ['json'], takesName: true, run: verify },
  probe: { options: [], takesName: true, run: probe },
};
const told = Object.keys(actions).filter((name) => name !== 'probe');

const options = [
  { name: 'gpu', value: null, help: 'install: for NVIDIA GPUs, with the libraries of CUDA 12 (several GB)' },
  {
    name: 'version',
    value: 'V',
    help: `install: version of TensorFlow (${defaultVersion}; 2.12.1 to 2.21.0 were tried)`,
  },
  { name: 'wheel', value: 'FILE', help: 'install: from a wheel that is here; pip and the network are not needed' },
  { name: 'all', value: null, help: 'remove: every engine' },
  { name: 'json', value: null, help: 'list, verify: one JSON document on standard output' },
] as const;

export const engine: Command = {
  description: {
    name: 'engine',
    operands: ['ACTION', '[NAME]'],
    summary: "Installs, lists, chooses, checks and removes the native engine: TensorFlow's C library (Linux, x86-64).",
    options,
  },
  more: [
    'saddlescope engine install                 fetch TensorFlow with pip, check it, use it',
    'saddlescope engine list                    which are installed, their size, which is in use',
    'saddlescope engine use NAME                use another installed one',
    'saddlescope engine verify [NAME]           check the one in use (or NAME) again',
    'saddlescope engine remove [NAME | --all]   remove the one in use, NAME, or all',
    '',
    'Engines lie in SADDLESCOPE_ENGINES, else in saddlescope/engines of the folder for user data. Without one everything',
    'works with the engine wasm, which is built in.',
  ],
  async run(args, terminal) {
    const [name = ''] = args.operands;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined)
      throw new BadInput(`${name} is nothing that engine does.`, `Use one of ${told.join(', ')}.`);
    const foreign = options.find((option) => args.has(option.name) && !action.options.includes(option.name));
    if (foreign)
      throw new BadInput(`--${foreign.name} is not an option of engine ${name}.`, 'See saddlescope engine --help.');
    if (!action.takesName && args.operands.length > 1)
      throw new BadInput(
        `engine ${name} takes no name, and got ${args.operands[1]}.`,
        'See saddlescope engine --help.',
      );
    return action.run(args, terminal);
  },
};
