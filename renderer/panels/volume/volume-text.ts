import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { knownStride } from '../../scene/volume/known-volume.ts';
import type { VolumeContent, VolumeField, VolumeLook } from '../../scene/volume/volume-content.ts';
import type { PickedInVolume } from '../../scene/volume/volume-picking.ts';

const quantityNames: Readonly<Record<string, string>> = {
  loss: 'Loss L',
  error: 'Error',
  gradient_norm: '‖∇L‖',
  lambda_max: 'λ max',
  lambda_min: 'λ min',
  index: 'Index',
  gradient_cosine: 'Cosine of ∇L',
};

export const quantityName = ({ quantity }: Pick<VolumeField, 'quantity'>): string =>
  quantityNames[quantity] ?? quantity.replaceAll('_', ' ');

/** What is seen, in words. */
export function alternativeText(content: VolumeContent, look: VolumeLook, name: string): string {
  const field = content.fields[look.quantity] ?? content.fields[0];
  const finite = field.values.filter((value, point) => field.computed[point] === 1 && Number.isFinite(value));
  if (finite.length === 0) return `Volume of ${name}: nothing finite is known yet.`;
  const [low, high] = finite.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as readonly [number, number]);
  const shown = look.levels.filter(({ isShown }) => isShown).map(({ level }) => numberText(level, 3));
  const sections = look.sections.flatMap(({ isOn, at }, axis) =>
    isOn ? [`${['α', 'β', 'γ'][axis]} = ${numberText(at, 3)}`] : [],
  );
  const size = content.axes.map(({ length }) => length).join(' × ');
  return [
    `Volume of ${name}, ${size} points.`,
    `${quantityName(field)} from ${numberText(low, 3)} to ${numberText(high, 3)}.`,
    shown.length > 0 ? `Isosurfaces at ${shown.join(', ')}.` : 'No isosurfaces.',
    sections.length > 0 ? `Sections at ${sections.join(', ')}.` : '',
    content.path ? `Path of ${content.path.steps.length} checkpoints.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** What is known, and what is missing; empty for a volume that has everything. */
export function stateSentences(content: VolumeContent, quantity: number): string[] {
  const field = content.fields[quantity] ?? content.fields[0];
  const count = field.computed.length;
  const done = field.computed.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0);
  const stride = knownStride(content.axes, field.computed, content.complete);
  const sentences: string[] = [];
  if (!content.complete)
    sentences.push(
      `${percentText(done / count)} of the points are computed${stride > 1 ? `; drawn is every ${ordinal(stride)} point of each axis` : ''}.`,
    );
  else if (done < count) sentences.push(`${numberText(count - done)} points are missing: sections are empty there.`);
  const broken = field.values.reduce(
    (sum, value, point) => sum + (field.computed[point] === 1 && !Number.isFinite(value) ? 1 : 0),
    0,
  );
  if (broken > 0) sentences.push(`${numberText(broken)} points are not finite: sections are hatched there.`);
  return sentences;
}

const ordinal = (n: number): string => (n === 2 ? '2nd' : `${n}th`);

/** The point under the pointer. */
export function readOutText(picked: PickedInVolume, field: VolumeField): string {
  const place = `α ${numberText(picked.alpha, 3)}, β ${numberText(picked.beta, 3)}, γ ${numberText(picked.gamma, 3)}`;
  const value = Number.isFinite(picked.value)
    ? `${quantityName(field)} ${numberText(picked.value, 4)} between grid points`
    : 'no finite value here';
  return `${place} · ${value} · ‖θ − origin‖ ${numberText(picked.distance, 3)}`;
}
