import { edgeShare, unstableShare } from '../../../core/figures/edge-sentence.ts';
import type { ComputeState } from '../../../core/protocol/bridge.ts';
import type { RunSeries } from '../../state/run-series.ts';
import type { Run } from '../../state/runs.ts';
import { numeralText } from '../../widgets/numeral-text.ts';
import { automaticEngine, type KnownEngines, usableEngine } from '../engine/engine-words.ts';

const whole = (step: number): string => numeralText(step);

/** What the loss does: the mean of the last updates against the mean of as many before them. */
export function lossMotion({ updates }: Pick<RunSeries, 'updates'>, window = 40): string {
  const count = Math.min(window, updates.length >> 1);
  if (count < 5) return '';
  const losses = updates.data.loss.subarray(updates.length - 2 * count, updates.length);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / count;
  const [before, now] = [mean(losses.subarray(0, count)), mean(losses.subarray(count))];
  if (!Number.isFinite(before) || !Number.isFinite(now)) return 'the loss is not finite';
  if (Math.abs(now - before) <= 1e-3 * Math.abs(before)) return 'the loss hardly changes';
  if (now > before) return 'the loss rises';
  const rises = losses.some((loss, i) => i > count && loss > (losses[i - 1] ?? Number.POSITIVE_INFINITY));
  return rises ? 'loss still falls, not at every step' : 'the loss falls at every step';
}

/** A sharpness measured longer ago than this share of the run says nothing of now. */
const staleShare = 0.1;

/** Where the sharpness stands against the threshold of the optimiser; empty where one of them is not known. */
function edgePhrase({ series: { eigenvalues }, step }: Pick<Run, 'series' | 'step'>): string {
  const { data, length } = eigenvalues.sharpness;
  const measured = data.step[length - 1] ?? 0;
  if (length > 0 && step - measured > Math.max(20, staleShare * step))
    return `sharpness last measured at step ${whole(measured)}`;
  const [value, threshold] = [data.value[length - 1], data.threshold[length - 1]];
  if (length === 0 || value === undefined || threshold === undefined || !(threshold > 0)) return '';
  if (!Number.isFinite(value)) return '';
  if (value > unstableShare * threshold) return 'far above the threshold of stability';
  return value >= edgeShare * threshold ? 'at the edge of stability' : 'below the edge of stability';
}

const sentence = (...parts: readonly string[]): string => {
  const text = parts.filter(Boolean).join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};

function computeSentence(compute: ComputeState): string {
  switch (compute.state) {
    case 'starting':
      return 'The process that computes is starting.';
    case 'restarting':
      return `The process that computed ended (${compute.reason}); the next one starts in ${compute.inSeconds} s.`;
    case 'stopped':
      return `Nothing is computed any more: ${compute.reason}`;
    case 'ready':
      return '';
  }
}

/** One sentence on how the run that is studied stands. */
export function runSentence(run: Run | null, compute: ComputeState): string {
  const problem = computeSentence(compute);
  if (problem !== '') return problem;
  if (run === null) return 'No run is open.';
  const [edge, motion, step] = [edgePhrase(run), lossMotion(run.series), whole(run.step)];
  switch (run.state) {
    case 'opening':
      return 'The run is being opened.';
    case 'running':
      return sentence(edge.startsWith('sharpness') ? `training; ${edge}` : `training ${edge}`.trim(), motion);
    case 'paused':
      return sentence(`paused at step ${step}`, edge);
    case 'stopping':
      return 'The run is writing its last state.';
    case 'interrupted':
      return 'The process that trained ended; the run goes on from its folder.';
    case 'stopped':
      return sentence(`stopped at step ${step} of ${whole(run.steps)}`, edge);
    case 'finished':
      return sentence(`finished at step ${step}`, edge);
    case 'diverged':
      return sentence(`diverged at step ${step}`, motion);
    case 'killed':
      return sentence(`a process died over this run at step ${step}`, 'it can be continued from its folder');
    case 'elsewhere':
      return 'Another process trains this run; what it writes appears here each second.';
    case 'failed':
      return run.failure?.found ?? 'The run ended with a fault.';
  }
}

/** What each engine computes a job with; TensorFlow takes the cores that it was started with. */
const threadsText = (engine: string, cores: number | null): string => {
  if (engine.startsWith('webgpu')) return '';
  if (!engine.startsWith('tensorflow')) return '1 thread a job';
  return cores === null ? '' : `${cores} ${cores === 1 ? 'thread' : 'threads'}`;
};

/**
 * `float32 · wasm · 1 thread a job`: what the numbers of a run are computed with; without a run, what a new one would use.
 * Empty until it is known.
 */
export function engineText(run: Run | null, known: KnownEngines | null): string {
  if (run?.description) {
    const { precision, engine } = run.description;
    const cores = known ? (usableEngine(known.report)?.threads ?? null) : null;
    return [precision, engine, threadsText(engine, cores)].filter(Boolean).join(' · ');
  }
  return run === null && known !== null ? automaticEngine(known) : '';
}
