/** `saddlescope`: the instrument without a display. */
import { analyses } from '../../core/analyses/index.ts';
import { BadInput } from '../../core/bad-input.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { Stopped } from '../../core/objective/gate.ts';
import { NeedsFloat64Realm } from '../compute/float64-realm.ts';
import { version } from '../host/version.ts';
import { helpText, readArguments } from './arguments.ts';
import type { Command, Terminal } from './command.ts';
import { exitCode } from './exit-codes.ts';
import { runInFloat64Process } from './float64-process.ts';
import { notStopped, stopOnSignals } from './stop-signals.ts';
import { printable } from './terminal/printable.ts';

interface Entry {
  readonly summary: string;
  /** Whether it ends on a signal by itself, with what is finished; else the system ends it. */
  readonly stops: boolean;
  /** Loaded when called: the help must not wait for the tensor engine. */
  load(): Promise<Command>;
}

const analysisCommands: Readonly<Record<string, Entry['load']>> = {
  spectrum: async () => (await import('./commands/spectrum.ts')).spectrum,
  slice: async () => (await import('./commands/slice.ts')).slice,
  saddles: async () => (await import('./commands/saddles.ts')).saddles,
  escape: async () => (await import('./commands/escape.ts')).escapeCommand,
  modes: async () => (await import('./commands/modes.ts')).modes,
  overlap: async () => (await import('./commands/overlap.ts')).overlap,
  sampling: async () => (await import('./commands/sampling.ts')).sampling,
  structure: async () => (await import('./commands/structure.ts')).structure,
};

const commands: Readonly<Record<string, Entry>> = {
  train: {
    summary: 'train an experiment into a run folder, with probes',
    stops: true,
    load: async () => (await import('./commands/train.ts')).train,
  },
  ...Object.fromEntries(
    analyses.flatMap(({ id, summary }) => {
      const load = analysisCommands[id];
      return load ? [[id, { summary, stops: true, load }]] : [];
    }),
  ),
  convert: {
    summary: 'a landscape of ours or of another tool in another form',
    stops: false,
    load: async () => (await import('./commands/convert.ts')).convert,
  },
  weights: {
    summary: 'the weights that a point of a slice stands for, as a file',
    stops: false,
    load: async () => (await import('./commands/weights.ts')).weights,
  },
  report: {
    summary: 'one self-contained HTML page about a run',
    stops: false,
    load: async () => (await import('./commands/report.ts')).report,
  },
  engine: {
    summary: 'install, list, choose and remove the native engine',
    stops: true,
    load: async () => (await import('./commands/engine.ts')).engine,
  },
  doctor: {
    summary: 'what this machine has and how fast it is',
    stops: false,
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'first-light': {
    summary: 'the start-up experiment, from training to report',
    stops: true,
    load: async () => (await import('./commands/first-light.ts')).firstLight,
  },
};

const overview = (): string =>
  [
    `saddlescope ${version}: the instrument for loss landscapes and training dynamics`,
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  saddlescope ${name.padEnd(12)} ${summary}`),
    '',
    'saddlescope COMMAND --help tells what a command takes. Exit codes: 0 done, 2 bad input, 3 not converged, 75 stopped and resumable.',
  ].join('\n');

const { stdout: out, stderr: err } = process;

const colours: Terminal['colours'] = (stream) =>
  stream.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';

async function main(words: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = words;
  if (['help', '--help', '-h'].includes(name)) {
    out.write(`${overview()}\n`);
    return exitCode.done;
  }
  if (['version', '--version', '-v'].includes(name)) {
    out.write(`${version}\n`);
    return exitCode.done;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const nearest = nearestName(name, Object.keys(commands));
    throw new BadInput(
      `${name} is not a command.`,
      `${nearest ? `Did you mean ${nearest}? ` : ''}Use one of ${Object.keys(commands).join(', ')}.`,
    );
  }
  // Before anything is loaded: a signal that comes meanwhile is not lost.
  const stop = entry.stops ? stopOnSignals() : notStopped;
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    out.write(`${helpText(command.description, command.more)}\n`);
    return exitCode.done;
  }
  try {
    return await command.run(readArguments(command.description, rest), { out, err, colours, stop });
  } catch (problem) {
    if (problem instanceof NeedsFloat64Realm) return runInFloat64Process(words, stop);
    throw problem;
  }
}

/** A reader that closes early (`| head`) is not written to any more; a training that it watched goes on. */
for (const stream of [out, err])
  stream.on('error', (problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'EPIPE') throw problem;
  });

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (problem: unknown) => {
    if (problem instanceof BadInput) {
      err.write(`${printable(problem.found)}\n${printable(problem.advice)}\n`);
      process.exitCode = exitCode.badInput;
      return;
    }
    if (problem instanceof Stopped) {
      err.write('Stopped before anything was finished.\n');
      process.exitCode = exitCode.notConverged;
      return;
    }
    const lines = (text: string) => text.split('\n').map(printable).join('\n');
    const { message, stack = '' } = problem instanceof Error ? problem : { message: String(problem) };
    err.write(`Something went wrong inside saddlescope: ${lines(message)}\nPlease report it with what follows.\n`);
    err.write(`${lines(stack)}\n`);
    process.exitCode = exitCode.failed;
  },
);
