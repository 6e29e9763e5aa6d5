import { certifiedText, numberText } from '../../../core/figures/number-text.ts';
import { stepText } from '../../charts/value-axis.ts';
import type { MovieFrame, Stick } from './movie-frame.ts';

const certified = ({ value, residual, converged }: Stick): string => {
  const text = certifiedText(value, residual);
  return `${text.value}${text.uncertainty === null ? '' : ` ± ${text.uncertainty}`}${converged ? '' : ' (not converged)'}`;
};

const measuredAt = ({ step }: Pick<Stick, 'step'>, frame: MovieFrame): string =>
  step === frame.step ? '' : ` of step ${stepText(step)}`;

/** λ₁ as the newest of the probes has it. */
export const leading = ({ top, sharpness }: MovieFrame): Stick | null => sharpness ?? top[0] ?? null;

/** `2/η = 40`, with what it does not say of mini-batches. */
export function thresholdText({ threshold }: MovieFrame): string | null {
  if (threshold === null) return null;
  return `${threshold.name} = ${numberText(threshold.value)}${threshold.binding ? '' : ', not binding with mini-batches'}`;
}

/** The short line over the picture: what of it are numbers. */
export function frameNumbers(frame: MovieFrame): readonly (readonly [name: string, text: string])[] {
  const first = leading(frame);
  const { lowest, loss } = frame;
  const threshold = thresholdText(frame);
  return [
    ['step', stepText(frame.step)],
    ...(loss === null ? [] : [['loss', numberText(loss)] as const]),
    ...(first === null ? [] : [['λ₁', certified(first) + measuredAt(first, frame)] as const]),
    ...(lowest === null ? [] : [['λ_min', certified(lowest) + measuredAt(lowest, frame)] as const]),
    ...(threshold === null ? [] : [['threshold', threshold] as const]),
  ];
}

/** The picture in words, with every number that is drawn as a stick or a line. */
export function frameSentence(frame: MovieFrame): string {
  const { matrix, step, density, top, sharpness, lowest, loss } = frame;
  const parts: string[] = [];
  if (density) {
    const [low, high] = [density.x[0] ?? Number.NaN, density.x[density.x.length - 1] ?? Number.NaN];
    const band = density.starts > 1 ? `± one standard error over ${density.starts} starts` : 'one start, no error band';
    parts.push(
      `density${measuredAt(density, frame)} from λ = ${numberText(low, 3)} to ${numberText(high, 3)}, ${band}`,
    );
  }
  if (top[0]) {
    const many = top.length === 1 ? 'the largest eigenvalue' : `the ${top.length} largest eigenvalues`;
    parts.push(`${many}${measuredAt(top[0], frame)}: ${top.map(certified).join(', ')}`);
  }
  if (sharpness) parts.push(`largest eigenvalue ${certified(sharpness)}${measuredAt(sharpness, frame)}`);
  if (lowest) parts.push(`lowest eigenvalue ${certified(lowest)}${measuredAt(lowest, frame)}`);
  const threshold = thresholdText(frame);
  if (threshold) parts.push(`threshold ${threshold}`);
  if (loss !== null) parts.push(`loss ${numberText(loss)}`);
  const name = matrix === 'hessian' ? 'Hessian' : 'Preconditioned Hessian';
  return `${name} at step ${stepText(step)}: ${parts.length === 0 ? 'nothing was measured yet' : parts.join('; ')}.`;
}
