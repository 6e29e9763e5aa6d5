import { valueAt, valuesOfText, withSetting } from '../../../core/experiment/experiment-text.ts';
import type { Path } from '../../../core/experiment/located-yaml.ts';
import type { Choice } from '../../../core/experiment/schema/form-setting.ts';
import { titleOfSet } from '../../../core/experiment/schema/setting-texts.ts';
import { bundledSettings, dataChoices, fileSettings, settingAt } from '../../../core/experiment/schema.ts';
import { NumberField, SelectField, TextField } from '../../widgets/fields.tsx';
import { Fold } from './fold.tsx';
import { SettingField } from './setting-field.tsx';

import type { TextForm } from './text-form.ts';

const fileChoice = '(file)';
const noneChoice = '(none)';

/** A source as the text has it: a name, a path, or a group around one of them. */
interface GivenSource {
  readonly kind: 'bundled' | 'file' | 'none';
  readonly name: string;
  readonly isGroup: boolean;
}

export function givenSource(value: unknown): GivenSource {
  if (typeof value === 'string')
    return { kind: /[./\\]/.test(value) ? 'file' : 'bundled', name: value, isGroup: false };
  const [file, bundled] = [valueAt(value, ['file']), valueAt(value, ['bundled'])];
  if (typeof file === 'string') return { kind: 'file', name: file, isGroup: true };
  if (typeof bundled === 'string') return { kind: 'bundled', name: bundled, isGroup: true };
  return { kind: 'none', name: '', isGroup: false };
}

/** A new bundled set for training; a test set of the same name goes with it. */
export function withTrainingSet(text: string, values: unknown, name: string): string {
  const before = givenSource(valueAt(values, ['data', 'train']));
  const test = givenSource(valueAt(values, ['data', 'test']));
  const next = withSetting(text, ['data', 'train'], name);
  const follows = before.kind === 'bundled' && test.kind === 'bundled' && test.name === before.name;
  return follows ? withSetting(next, ['data', 'test'], name) : next;
}

/** The bundled sets, with one of a family that is in use and not among them. */
export function setChoices(name: string): readonly Choice[] {
  const isOffered = name === '' || dataChoices.some(({ id }) => id === name);
  return isOffered ? dataChoices : [...dataChoices, { id: name, title: titleOfSet(name) }];
}

export interface DataSourceFieldsProps {
  readonly form: TextForm;
  readonly split: 'train' | 'test';
}

/** Where examples come from: a bundled set with its parameters, or a file with its options. */
export function DataSourceFields({ form, split }: DataSourceFieldsProps) {
  const path: Path & readonly string[] = ['data', split];
  const { title, help } = settingAt(path.join('.'));
  const source = givenSource(valueAt(form.values, path));
  const options: readonly Choice[] = [
    ...(split === 'test' ? [{ id: noneChoice, title: 'No test set' }] : []),
    ...setChoices(source.kind === 'bundled' ? source.name : ''),
    { id: fileChoice, title: 'A file …', help: 'NPZ, NPY, IDX, CSV or CIFAR binaries.' },
  ];
  const choose = (id: string) =>
    form.edit(title, (text, values) => {
      if (id === noneChoice) return withSetting(text, path, undefined);
      if (id === fileChoice) return withSetting(text, path, { file: 'data.npz' });
      return split === 'train' ? withTrainingSet(text, values, id) : withSetting(text, path, id);
    });
  const chosen = source.kind === 'file' ? fileChoice : source.kind === 'bundled' ? source.name : noneChoice;
  return (
    <>
      <SelectField
        label={title}
        help={help}
        value={chosen}
        options={options}
        onChange={choose}
        isDisabled={form.isDisabled}
      />
      {source.kind === 'file' ? <FileFields form={form} path={path} source={source} /> : null}
      {source.kind === 'bundled' ? <SetFields form={form} path={path} source={source} /> : null}
    </>
  );
}

interface SourceFieldsProps {
  readonly form: TextForm;
  readonly path: readonly string[];
  readonly source: GivenSource;
}

/** A form in which a bare name is written out as a group before one of its options is set. */
function inGroup(form: TextForm, path: readonly string[], source: GivenSource): TextForm {
  if (source.isGroup) return form;
  return {
    ...form,
    edit: (label, change) =>
      form.edit(label, (text) => {
        const grouped = withSetting(text, path, { [source.kind]: source.name });
        return change(grouped, valuesOfText(grouped).values ?? {});
      }),
  };
}

function SetFields({ form, path, source }: SourceFieldsProps) {
  const settings = bundledSettings(source.name, path);
  const chebyshev = /^chebyshev-(\d+)-(\d+)$/.exec(source.name);
  const rename = (degree: number, points: number) =>
    form.edit('Data', (text) => withSetting(text, path, `chebyshev-${degree}-${points}`));
  return (
    <>
      {settings.map((setting) => (
        <SettingField key={setting.path.join('.')} form={inGroup(form, path, source)} setting={setting} />
      ))}
      {chebyshev ? (
        <>
          <NumberField
            label="Degree"
            value={Number(chebyshev[1])}
            minimum={0}
            maximum={1000}
            step={1}
            whole
            onChange={(degree) => rename(degree, Number(chebyshev[2]))}
            isDisabled={form.isDisabled}
          />
          <NumberField
            label="Points"
            value={Number(chebyshev[2])}
            minimum={2}
            maximum={999_999}
            step={1}
            whole
            onChange={(points) => rename(Number(chebyshev[1]), points)}
            isDisabled={form.isDisabled}
          />
        </>
      ) : null}
    </>
  );
}

function FileFields({ form, path, source }: SourceFieldsProps) {
  const settings = fileSettings(path);
  const within = inGroup(form, path, source);
  const isUsed = settings.some(({ advanced, path: at }) => advanced && valueAt(form.values, at) !== undefined);
  return (
    <>
      <TextField
        label="File"
        help="From the folder of the experiment file."
        value={source.name}
        isDisabled={form.isDisabled}
        onChange={(file) => within.edit('File', (text) => withSetting(text, [...path, 'file'], file))}
      />
      {settings
        .filter(({ advanced }) => !advanced)
        .map((setting) => (
          <SettingField key={setting.title} form={within} setting={setting} />
        ))}
      <Fold title="Options of the file" isOpen={isUsed}>
        {settings
          .filter(({ advanced }) => advanced)
          .map((setting) => (
            <SettingField key={setting.title} form={within} setting={setting} />
          ))}
      </Fold>
    </>
  );
}

const subsetChoices = [
  { id: 'all', title: 'All examples' },
  { id: 'first', title: 'The first' },
  { id: 'random', title: 'Drawn with the seed' },
] as const;

/** Which of the training examples are used, and how many. */
export function SubsetFields({ form }: { readonly form: TextForm }) {
  const { title, help } = settingAt('data.subset');
  const given = valueAt(form.values, ['data', 'subset']);
  const [first, random] = [valueAt(given, ['first']), valueAt(given, ['random'])];
  const kind = first !== undefined ? 'first' : random !== undefined ? 'random' : 'all';
  const count = Number(first ?? random ?? 1000);
  const write = (next: 'all' | 'first' | 'random', examples: number) =>
    form.edit(title, (text) =>
      withSetting(text, ['data', 'subset'], next === 'all' ? undefined : { [next]: examples }),
    );
  return (
    <>
      <SelectField
        label={title}
        help={help}
        value={kind}
        options={subsetChoices}
        onChange={(next) => write(next, Number.isFinite(count) ? count : 1000)}
        isDisabled={form.isDisabled}
      />
      {kind === 'all' ? null : (
        <NumberField
          label="How many"
          value={Number.isFinite(count) ? count : 1}
          minimum={1}
          step={1}
          whole
          unit="examples"
          onChange={(examples) => form.edit(title, (text) => withSetting(text, ['data', 'subset', kind], examples))}
          isDisabled={form.isDisabled}
        />
      )}
    </>
  );
}
