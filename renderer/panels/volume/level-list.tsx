import { type ColourMap, tableColour } from '../../../core/figures/colour-tables.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { type HeightScale, heightOf, lossAt } from '../../scene/height-scale.ts';
import type { IsoLevel } from '../../scene/volume/volume-content.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { NumberField, SliderField } from '../../widgets/fields.tsx';
import { addedLevel } from './volume-look.ts';

/** More of them hide each other. */
const mostLevels = 8;

export interface LevelListProps {
  readonly levels: readonly IsoLevel[];
  readonly scale: HeightScale;
  readonly colours: ColourMap;
  readonly quantity: string;
  readonly onChange: (levels: readonly IsoLevel[]) => void;
}

/** Levels of isosurfaces: each with its value, by number and by slider on the scale of the colours, and its opacity. */
export function LevelList({ levels, scale, colours, quantity, onChange }: LevelListProps) {
  const change = (id: string, some: Partial<IsoLevel>) =>
    onChange(levels.map((one) => (one.id === id ? { ...one, ...some } : one)));
  const step = (scale.high - scale.low) / 400;
  return (
    <ul className="volume-levels" aria-label="Isosurfaces">
      {levels.map((one, i) => (
        <li key={one.id} className={one.isShown ? 'volume-level' : 'volume-level volume-level-off'}>
          <div className="volume-level-head">
            <span className="volume-swatch" style={{ background: swatch(one, scale, colours) }} aria-hidden="true" />
            <NumberField
              label={`Level ${i + 1} of ${quantity}`}
              hideLabel
              value={one.level}
              error={scale.logarithmic && !(one.level > 0) ? 'Above 0.' : null}
              onChange={(level) => change(one.id, { level })}
            />
            <IconButton
              icon={one.isShown ? 'eye' : 'eye-off'}
              size="small"
              label={one.isShown ? `Hide level ${i + 1}` : `Show level ${i + 1}`}
              onPress={() => change(one.id, { isShown: !one.isShown })}
            />
            <IconButton
              icon="trash"
              size="small"
              label={`Remove level ${i + 1}`}
              onPress={() => onChange(levels.filter(({ id }) => id !== one.id))}
            />
          </div>
          <SliderField
            label={`Level ${i + 1}`}
            hideLabel
            value={within(heightOf(one.level, scale), scale)}
            minimum={scale.low}
            maximum={scale.high}
            step={step}
            format={(height) => numberText(lossAt(height, scale), 3)}
            onChange={(height) => change(one.id, { level: Number(lossAt(height, scale).toPrecision(3)) })}
          />
          <SliderField
            label="Opacity"
            value={Math.round(100 * one.opacity)}
            minimum={5}
            maximum={100}
            step={5}
            format={(percent) => `${percent} %`}
            onChange={(percent) => change(one.id, { opacity: percent / 100 })}
          />
        </li>
      ))}
      <li>
        <Button
          size="small"
          isDisabled={levels.length >= mostLevels}
          onPress={() => onChange([...levels, addedLevel(levels, scale)])}
        >
          Add a level
        </Button>
      </li>
    </ul>
  );
}

const within = (height: number, { low, high }: HeightScale): number =>
  Number.isFinite(height) ? Math.min(high, Math.max(low, height)) : low;

function swatch({ level }: IsoLevel, scale: HeightScale, colours: ColourMap): string {
  const share = (within(heightOf(level, scale), scale) - scale.low) / (scale.high - scale.low);
  return tableColour(colours, Math.round(255 * share));
}
