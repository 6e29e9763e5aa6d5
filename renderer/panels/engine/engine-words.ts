import type { EngineProgress, EngineReport, EngineRow, EngineWish } from '../../../core/protocol/engines.ts';
import { numeralText } from '../../widgets/numeral-text.ts';

/** The one that new runs may use: chosen, and with the parts of this version. */
export const usableEngine = ({ engines }: EngineReport): EngineRow | null =>
  engines.find(({ active, usable }) => active && usable) ?? null;

export const engineTitle = ({ version, gpu }: Pick<EngineRow, 'version' | 'gpu'>): string =>
  `TensorFlow ${version}${gpu ? ' with CUDA' : ''}`;

/** What is known of the machine, and what `auto` came to there for tensors in float32: `tensorflow`, `webgpu (…)` … */
export interface KnownEngines {
  readonly report: EngineReport;
  /** As results name it; null where the process that computes was not asked yet: what is installed tells then. */
  readonly automatic: string | null;
}

const isNative = ({ report, automatic }: KnownEngines): boolean =>
  automatic === null ? usableEngine(report) !== null : automatic.startsWith('tensorflow');

/** The name of what `auto` comes to. */
export function automaticEngine(known: KnownEngines): string {
  const engine = usableEngine(known.report);
  if (isNative(known)) return engine === null ? 'TensorFlow' : engineTitle(engine);
  if (known.automatic?.startsWith('webgpu')) return 'WebGPU';
  return known.automatic?.startsWith('cpu') ? 'Plain JavaScript' : 'WebAssembly';
}

/** Why `auto` comes to that, in one sentence. */
export function whyAutomatic(known: KnownEngines): string {
  const { engines, cards } = known.report;
  const engine = usableEngine(known.report);
  const gpu = /^webgpu \((.*)\)$/.exec(known.automatic ?? '')?.[1];
  if (known.automatic?.startsWith('webgpu')) return `A GPU computes${gpu ? `: ${gpu}` : ''}.`;
  if (isNative(known) && engine && engine.gpus.length > 0)
    return `An NVIDIA GPU computes${cards.length > 0 ? `: ${cards.join('; ')}` : ''}.`;
  if (isNative(known)) return 'It is installed, and goes before WebAssembly.';
  if (engine) return `${engineTitle(engine)} is installed but does not start here: remove it and install it again.`;
  const chosen = engines.find(({ active }) => active);
  if (chosen) return `${engineTitle(chosen)} was installed by another version of Saddlescope: install it again.`;
  if (engines.length > 0) return 'It is built in; none of the installed engines is chosen.';
  return 'It is built in and always there; TensorFlow is not installed.';
}

const phaseWords: Readonly<Record<EngineProgress['phase'], string>> = {
  read: 'Reading the wheel',
  download: 'Downloading',
  unpack: 'Unpacking',
  compile: 'Compiling the addon',
  verify: 'Checking its results',
};

/** `Downloading tensorflow-cpu`. */
export const phaseText = ({ phase, of }: EngineProgress): string => `${phaseWords[phase]}${of ? ` ${of}` : ''}`;

/** Before anything is counted. */
export function beginningText(wish: EngineWish): string {
  if (wish.kind !== 'install') return wish.kind === 'remove' ? 'Removing it' : 'Choosing it';
  return wish.from === 'wheel' ? 'Choosing a wheel' : 'Asking pip for it';
}

/** `84 of 207 MB`; empty where nothing is counted. */
export const amountText = ({ done, total, unit }: EngineProgress): string =>
  unit === 'MB' && total > 0 ? `${numeralText(done)} of ${numeralText(total)} MB` : '';

export const megabytes = (bytes: number): string => `${numeralText(Math.round(bytes / 1e6))} MB`;

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `9 × 10⁻⁷`; 0 where nothing is off. */
function off(value: number): string {
  const [digit, exponent = ''] = value.toExponential(0).split('e');
  if (value === 0) return '0';
  const sign = exponent.startsWith('-') ? '⁻' : '';
  return `${digit} × 10${sign}${[...exponent.slice(1)].map((one) => raised[Number(one)]).join('')}`;
}

/** What was seen when an engine was checked. */
export const checkText = ({ results, worstFloat32, worstFloat64 }: EngineRow): string =>
  `${numeralText(results)} results right, to ${off(worstFloat32)} in float32 and ${off(worstFloat64)} in float64`;

/** How an engine stands that results name, for the experiment form. */
export interface EngineChoice {
  readonly id: string;
  readonly title: string;
  readonly help: string;
}

/** The choices of the setting `engine`, with what they come to on this machine. */
export function engineChoices(known: KnownEngines | null, precision: string): readonly EngineChoice[] {
  const report = known?.report ?? null;
  const engine = report ? usableEngine(report) : null;
  const installed = report === null ? '' : engine === null ? ' (not installed)' : ` ${engine.version}`;
  const isDouble = precision === 'float64';
  const automatic = known === null ? '' : automaticEngine(known);
  const inDouble = `closed forms, else ${engine === null ? 'plain JavaScript' : engineTitle(engine)}`;
  const single = isDouble ? 'float32 only: not for this precision.' : 'float32 only.';
  return [
    {
      id: 'auto',
      title: automatic === '' ? 'Automatic' : `Automatic (${isDouble ? inDouble : automatic})`,
      help: 'The fastest that is there.',
    },
    {
      id: 'tensorflow',
      title: `TensorFlow${installed}`,
      help:
        report !== null && engine === null
          ? 'Install it first: see Engine in the Run menu.'
          : 'Native, float32 and float64.',
    },
    { id: 'webgpu', title: 'WebGPU', help: `Takes a GPU. ${single}` },
    { id: 'wasm', title: 'WebAssembly', help: `Built in. ${single}` },
    { id: 'cpu', title: 'Plain JavaScript', help: 'Built in and slow; float32 and float64.' },
  ];
}

/** Why an engine cannot compute an experiment in this window, with what to do; null where it can. */
export function engineProblem(engine: string, precision: string, report: EngineReport | null): string | null {
  if (precision === 'float64' && (engine === 'wasm' || engine === 'webgpu'))
    return `${engine === 'wasm' ? 'WebAssembly' : 'WebGPU'} computes in float32 only: choose Automatic, TensorFlow or plain JavaScript, or float32.`;
  if (engine === 'tensorflow' && report !== null && usableEngine(report) === null)
    return 'TensorFlow is not installed: install it, or choose Automatic.';
  return null;
}
