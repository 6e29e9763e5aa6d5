import { numberText } from '../figures/number-text.ts';
import { closedFormText } from './closed-form.ts';
import type { Experiment } from './experiment.ts';
import { choiceTitles, parameterTitles, titleOfSet } from './schema/setting-texts.ts';
import { formSettings, formSettingsOf, optimizerChoices } from './schema.ts';

/** One thing in which an experiment differs from another, in words. */
export interface Difference {
  /** `seed`, `optimizer.settings.learningRate`, `model`. */
  readonly key: string;
  /** `η`, `seed`. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Symbols and words shorter than a form's. */
const shortNames: Readonly<Record<string, string>> = {
  learningRate: 'η',
  weightDecay: 'w',
  momentum: 'β',
  batchSize: 'batch',
  clipNorm: 'clip',
  initializer: 'initialiser',
};

const everySetting = [...formSettings, ...formSettingsOf('deepLinear'), ...formSettingsOf('surface')];

/** Whether it is a setting of surfaces, which stand in `model` itself. */
const isOfSurfaces = (name: string): boolean => name === 'surface' || name === 'start';

function nameOf(path: readonly string[]): string {
  const last = path[path.length - 1] ?? '';
  const known = shortNames[last];
  if (known !== undefined) return known;
  if (path[0] === 'optimizer' && Object.hasOwn(parameterTitles, last))
    return parameterTitles[last as keyof typeof parameterTitles].title.toLowerCase();
  const name = path.join('.').replace(/^model\.closedForm\./, isOfSurfaces(last) ? 'model.' : 'model.deepLinear.');
  const title = everySetting.find((setting) => setting.path.join('.') === name)?.title;
  return (title ?? last).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string')
    return optimizerChoices.find(({ id }) => id === value)?.title ?? choiceTitles[value] ?? value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === 'number')) return value.map(shown).join(', ');
  if ('bundled' in value) return titleOfSet(String(value.bundled));
  if ('file' in value) return String(value.file);
  if ('first' in value) return `first ${shown(value.first)}`;
  if ('random' in value) return `${shown(value.random)} drawn`;
  if ('kind' in value) return String(value.kind);
  return JSON.stringify(value);
}

/** Layers in few signs: `flatten, 64 tanh, 10`. */
export function layersText(layers: Experiment['model']['layers']): string {
  return layers
    .map(({ type, options: { units, filters, activation } }) => {
      const size = units ?? filters;
      const name = type === 'dense' && size !== undefined ? '' : type;
      return [name, size, activation]
        .filter((part) => part !== undefined && part !== '' && part !== 'linear')
        .join(' ');
    })
    .join(', ');
}

/** Groups that differ as one thing. */
const whole: readonly string[] = ['data.train', 'data.test', 'data.subset', 'stopWhen', 'optimizer.settings.schedule'];

function compare(from: unknown, to: unknown, path: readonly string[], found: Difference[]): void {
  const key = path.join('.');
  if (key === 'name' || key === 'format' || JSON.stringify(from) === JSON.stringify(to)) return;
  const isGroup = (value: unknown): value is Record<string, unknown> =>
    value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isGroup(from) || !isGroup(to) || whole.includes(key)) {
    found.push({ key, name: nameOf(path), from: shown(from), to: shown(to) });
    return;
  }
  for (const child of new Set([...Object.keys(from), ...Object.keys(to)]))
    compare(from[child], to[child], [...path, child], found);
}

/** In what `to` differs from `from`, names apart; settings that only one optimiser has are told by its name. */
export function differences(from: Experiment, to: Experiment): readonly Difference[] {
  const found: Difference[] = [];
  const { layers: layersFrom, closedForm: formFrom, ...modelFrom } = from.model;
  const { layers: layersTo, closedForm: formTo, ...modelTo } = to.model;
  const isOther = from.optimizer.kind !== to.optimizer.kind;
  if (isOther)
    found.push({
      key: 'optimizer.kind',
      name: 'optimiser',
      from: shown(from.optimizer.kind),
      to: shown(to.optimizer.kind),
    });
  if (JSON.stringify(layersFrom) !== JSON.stringify(layersTo))
    found.push({ key: 'model.layers', name: 'layers', from: layersText(layersFrom), to: layersText(layersTo) });
  if (formFrom?.kind === formTo?.kind) compare(formFrom, formTo, ['model', 'closedForm'], found);
  else
    found.push({
      key: 'model.closedForm',
      name: 'function',
      from: formFrom ? closedFormText(formFrom) : 'none',
      to: formTo ? closedFormText(formTo) : 'none',
    });
  const [left, right] = [from, to].map(({ optimizer: { settings }, ...rest }) => {
    const kept = isOther ? { learningRate: settings.learningRate } : settings;
    return { ...rest, optimizer: { settings: kept } };
  });
  compare({ ...left, model: modelFrom }, { ...right, model: modelTo }, [], found);
  return found;
}

/** `η = 0.02`, `seed 2`: what the second experiment is. */
export function differenceText({ name, to }: Difference): string {
  if (['optimiser', 'layers', 'loss', 'function'].includes(name)) return to;
  return /^[a-zα-ωA-Z]₁?₂?$/u.test(name) ? `${name} = ${to}` : `${name} ${to}`;
}
