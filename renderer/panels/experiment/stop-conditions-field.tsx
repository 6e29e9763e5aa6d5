import { valueAt, withItem, withSetting } from '../../../core/experiment/experiment-text.ts';
import { quantityChoices, settingAt } from '../../../core/experiment/schema.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { NumberField, SelectField } from '../../widgets/fields.tsx';
import type { TextForm } from './text-form.ts';

const path = ['stopWhen'] as const;
const sides = [
  { id: 'above', title: 'above' },
  { id: 'below', title: 'below' },
] as const;
const limits = [
  { id: 'number', title: 'a number' },
  { id: 'threshold', title: 'its threshold' },
] as const;

interface GivenCondition {
  readonly quantity: string;
  readonly side: 'above' | 'below';
  readonly limit: number | 'threshold';
}

function givenCondition(value: unknown): GivenCondition {
  const [above, below] = [valueAt(value, ['above']), valueAt(value, ['below'])];
  const limit = above ?? below;
  return {
    quantity: String(valueAt(value, ['quantity']) ?? ''),
    side: above === undefined && below !== undefined ? 'below' : 'above',
    limit: limit === 'threshold' ? limit : typeof limit === 'number' ? limit : 0,
  };
}

const written = ({ quantity, side, limit }: GivenCondition) => ({ quantity, [side]: limit });
const hasThreshold = (quantity: string): boolean => quantity === 'sharpness' || quantity === 'preconditionedSharpness';

/** Conditions that end the run: a quantity, above or below, a limit. */
export function StopConditionsField({ form }: { readonly form: TextForm }) {
  const { title, help } = settingAt('stopWhen');
  const given = valueAt(form.values, path);
  const conditions = (Array.isArray(given) ? given : []).map((value, at) => ({ ...givenCondition(value), at }));
  const add = () =>
    form.edit(title, (text) => withItem(text, path, conditions.length, { quantity: 'trainLoss', below: 0.01 }));
  return (
    <div className="stop-conditions">
      <div className="stop-conditions-head">
        <span>{title}</span>
        <Button size="small" onPress={add} isDisabled={form.isDisabled}>
          Add condition
        </Button>
      </div>
      {conditions.length === 0 ? <p className="experiment-form-note">{help}</p> : null}
      {conditions.map(({ at, ...condition }) => {
        const name = `${title} ${at + 1}`;
        const put = (changed: Partial<GivenCondition>) =>
          form.edit(title, (text) => withSetting(text, [...path, at], written({ ...condition, ...changed })));
        return (
          <fieldset className="stop-conditions-row" key={`${at} ${condition.quantity}`} aria-label={name}>
            <SelectField
              label={`${name}, quantity`}
              hideLabel
              value={condition.quantity}
              options={quantityChoices}
              onChange={(quantity) =>
                put(hasThreshold(quantity) || condition.limit !== 'threshold' ? { quantity } : { quantity, limit: 0 })
              }
              isDisabled={form.isDisabled}
            />
            <SelectField
              label={`${name}, side`}
              hideLabel
              value={condition.side}
              options={sides}
              onChange={(side) => put({ side })}
              isDisabled={form.isDisabled}
            />
            {hasThreshold(condition.quantity) ? (
              <SelectField
                label={`${name}, limit`}
                hideLabel
                value={condition.limit === 'threshold' ? 'threshold' : 'number'}
                options={limits}
                onChange={(kind) => put({ limit: kind === 'threshold' ? kind : 0 })}
                isDisabled={form.isDisabled}
              />
            ) : null}
            {condition.limit === 'threshold' ? null : (
              <NumberField
                label={`${name}, number`}
                hideLabel
                value={condition.limit}
                onChange={(limit) => put({ limit })}
                isDisabled={form.isDisabled}
              />
            )}
            <IconButton
              icon="trash"
              size="small"
              label={`Remove condition ${at + 1}`}
              isDisabled={form.isDisabled}
              onPress={() => form.edit(title, (text) => withSetting(text, [...path, at], undefined))}
            />
          </fieldset>
        );
      })}
    </div>
  );
}
