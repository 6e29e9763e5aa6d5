import { useEffect, useRef, useState } from 'react';
import { withSetting } from '../../../core/experiment/experiment-text.ts';
import { flowText, valuesOfFlowText } from '../../../core/experiment/flow-values.ts';
import type { LayerOption } from '../../../core/experiment/schema/layer-settings.ts';
import { TextField } from '../../widgets/fields.tsx';
import { Fold } from './fold.tsx';
import type { TextForm } from './text-form.ts';

export interface OtherOptionsProps {
  readonly form: TextForm;
  readonly layer: { readonly type: string; readonly options: Readonly<Record<string, unknown>> };
  readonly at: number;
  /** Options that have a control of their own here. */
  readonly shown: readonly string[];
  readonly others: readonly LayerOption[];
}

/** The options of a layer that have no control, on one line of YAML. */
export function OtherOptions({ form, layer: { type, options }, at, shown, others }: OtherOptionsProps) {
  const [mine, rest] = [true, false].map((own) =>
    Object.fromEntries(Object.entries(options).filter(([name]) => shown.includes(name) === own)),
  );
  const given = flowText(rest ?? {});
  const [text, setText] = useState(given);
  const known = useRef(given);
  useEffect(() => {
    if (known.current === given) return;
    known.current = given;
    setText(given);
  }, [given]);
  const change = (typed: string) => {
    setText(typed);
    const values = valuesOfFlowText(typed);
    if (values === null) return;
    known.current = flowText(values);
    form.edit('Options of layer', (yaml) => withSetting(yaml, ['model', 'layers', at, type], { ...mine, ...values }));
  };
  return (
    <Fold title="Other options" isOpen={given !== ''}>
      <TextField
        label="As YAML"
        value={text}
        onChange={change}
        isDisabled={form.isDisabled}
        placeholder="name: value, name: value"
        help={others.length === 0 ? 'This layer has no others.' : others.map(({ name }) => name).join(', ')}
        error={valuesOfFlowText(text) === null ? 'Write name: value, name: value.' : null}
      />
    </Fold>
  );
}
