/** `saddlescope`: the instrument without a display. */
import { BadInput } from '../../core/bad-input.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { NeedsFloat64Realm } from '../compute/float64-realm.ts';
import { helpText, readArguments } from './arguments.ts';
import type { Command, Terminal } from './command.ts';
import { exitCode } from './exit-codes.ts';
import { runInFloat64Process } from './float64-process.ts';
import { version } from './version.ts';

/** Loaded when called: the help must not wait for the tensor engine. */
const commands: Readonly<Record<string, { summary: string; load(): Promise<Command> }>> = {
  train: {
    summary: 'train an experiment into a run folder, with probes',
    load: async () => (await import('./commands/train.ts')).train,
  },
  spectrum: {
    summary: 'Hessian eigenvalues with residuals, density, trace',
    load: async () => (await import('./commands/spectrum.ts')).spectrum,
  },
  slice: {
    summary: 'the loss on a plane through a run',
    load: async () => (await import('./commands/slice.ts')).slice,
  },
  report: {
    summary: 'one self-contained HTML page about a run',
    load: async () => (await import('./commands/report.ts')).report,
  },
  doctor: {
    summary: 'what this machine has and how fast it is',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'first-light': {
    summary: 'the start-up experiment, from training to report',
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

const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  colours: (stream) => stream.isTTY === true && process.env.NO_COLOR === undefined,
};

async function main(words: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = words;
  if (['help', '--help', '-h'].includes(name)) {
    terminal.out.write(`${overview()}\n`);
    return exitCode.done;
  }
  if (['version', '--version', '-v'].includes(name)) {
    terminal.out.write(`${version}\n`);
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
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out.write(`${helpText(command.description, command.more)}\n`);
    return exitCode.done;
  }
  try {
    return await command.run(readArguments(command.description, rest), terminal);
  } catch (problem) {
    if (problem instanceof NeedsFloat64Realm) return runInFloat64Process(words);
    throw problem;
  }
}

/** A reader that closes early (`| head`) ends the program quietly, as other tools do. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (problem: NodeJS.ErrnoException) => {
    if (problem.code === 'EPIPE') process.exit(exitCode.done);
    throw problem;
  });

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (problem: unknown) => {
    if (problem instanceof BadInput) {
      terminal.err.write(`${problem.found}\n${problem.advice}\n`);
      process.exitCode = exitCode.badInput;
      return;
    }
    const message = problem instanceof Error ? problem.message : String(problem);
    terminal.err.write(`Something went wrong inside saddlescope: ${message}\nPlease report it with what follows.\n`);
    terminal.err.write(`${problem instanceof Error ? (problem.stack ?? '') : ''}\n`);
    process.exitCode = exitCode.failed;
  },
);
