import { numberText } from '../../../core/figures/number-text.ts';
import type { AxisIndex, ObliquePlane, VolumeContent, VolumeLook } from '../../scene/volume/volume-content.ts';
import { Button } from '../../widgets/button.tsx';
import { SliderField, SwitchField } from '../../widgets/fields.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { changedAt } from './volume-look.ts';

const axes = [
  { axis: 0, symbol: 'α' },
  { axis: 1, symbol: 'β' },
  { axis: 2, symbol: 'γ' },
] as const satisfies readonly { readonly axis: AxisIndex; readonly symbol: string }[];

const sides = [
  { id: 'below', title: 'Keep below' },
  { id: 'above', title: 'Keep above' },
] as const;

export interface PlaneListProps {
  readonly content: VolumeContent;
  readonly look: VolumeLook;
  readonly onChange: (look: VolumeLook) => void;
  /** The angles of the plane that faces the viewer now. */
  readonly facing: () => Pick<ObliquePlane, 'azimuth' | 'elevation'>;
}

/** Planes that show the quantity: three at right angles to the axes, and one at any angle. */
export function SectionList({ content, look, onChange, facing }: PlaneListProps) {
  return (
    <div className="volume-planes">
      {axes.map(({ axis, symbol }) => {
        const { isOn, at } = look.sections[axis];
        const change = (some: Partial<VolumeLook['sections'][0]>) =>
          onChange({ ...look, sections: changedAt(look.sections, axis, some) });
        return (
          <div key={symbol} className="volume-plane">
            <SwitchField label={`${symbol} section`} value={isOn} onChange={(on) => change({ isOn: on })} />
            {isOn ? (
              <PlaceSlider label={symbol} axis={content.axes[axis]!} at={at} onChange={(to) => change({ at: to })} />
            ) : null}
          </div>
        );
      })}
      <Oblique
        label="Oblique section"
        plane={look.oblique}
        facing={facing}
        onChange={(some) => onChange({ ...look, oblique: { ...look.oblique, ...some } })}
      />
      <SwitchField
        label="Contour lines"
        value={look.contours}
        onChange={(contours) => onChange({ ...look, contours })}
      />
    </div>
  );
}

/** Planes that cut the isosurfaces away on one side. */
export function ClipList({ content, look, onChange, facing }: PlaneListProps) {
  return (
    <div className="volume-planes">
      {axes.map(({ axis, symbol }) => {
        const { isOn, at, keeps } = look.clips[axis];
        const change = (some: Partial<VolumeLook['clips'][0]>) =>
          onChange({ ...look, clips: changedAt(look.clips, axis, some) });
        return (
          <div key={symbol} className="volume-plane">
            <SwitchField label={`Clip along ${symbol}`} value={isOn} onChange={(on) => change({ isOn: on })} />
            {isOn ? (
              <>
                <PlaceSlider label={symbol} axis={content.axes[axis]!} at={at} onChange={(to) => change({ at: to })} />
                <Segmented
                  label={`Side of the clip along ${symbol}`}
                  value={keeps}
                  options={sides}
                  onChange={(kept) => change({ keeps: kept })}
                />
              </>
            ) : null}
          </div>
        );
      })}
      <Oblique
        label="Oblique clip"
        plane={look.obliqueClip}
        facing={facing}
        onChange={(some) => onChange({ ...look, obliqueClip: { ...look.obliqueClip, ...some } })}
      />
      <SwitchField
        label="Cuts are filled"
        value={look.caps === 'filled'}
        onChange={(filled) => onChange({ ...look, caps: filled ? 'filled' : 'open' })}
      />
    </div>
  );
}

interface PlaceSliderProps {
  readonly label: string;
  readonly axis: Float64Array;
  readonly at: number;
  readonly onChange: (at: number) => void;
}

function PlaceSlider({ label, axis, at, onChange }: PlaceSliderProps) {
  const [low, high] = [axis[0]!, axis[axis.length - 1]!];
  return (
    <SliderField
      label={label}
      value={Math.min(high, Math.max(low, at))}
      minimum={low}
      maximum={high}
      step={(high - low) / 200}
      format={(value) => numberText(Math.abs(value) < 1e-9 * (high - low) ? 0 : value, 3)}
      onChange={onChange}
    />
  );
}

const degrees = (radians: number): number => Math.round((180 * radians) / Math.PI);
const turned = (radians: number): number =>
  ((((radians + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;

interface ObliqueProps {
  readonly label: string;
  readonly plane: VolumeLook['oblique'];
  readonly facing: PlaneListProps['facing'];
  readonly onChange: (some: Partial<VolumeLook['oblique']>) => void;
}

function Oblique({ label, plane, facing, onChange }: ObliqueProps) {
  return (
    <div className="volume-plane">
      <SwitchField label={label} value={plane.isOn} onChange={(isOn) => onChange({ isOn })} />
      {plane.isOn ? (
        <>
          <SliderField
            label="Turned"
            value={degrees(turned(plane.azimuth))}
            minimum={-180}
            maximum={180}
            step={1}
            format={(angle) => `${angle}°`}
            onChange={(angle) => onChange({ azimuth: (angle * Math.PI) / 180 })}
          />
          <SliderField
            label="Tilted"
            value={degrees(plane.elevation)}
            minimum={-90}
            maximum={90}
            step={1}
            format={(angle) => `${angle}°`}
            onChange={(angle) => onChange({ elevation: (angle * Math.PI) / 180 })}
          />
          <SliderField
            label="Off the middle"
            value={Math.round(100 * plane.offset)}
            minimum={-100}
            maximum={100}
            step={1}
            format={(percent) => `${percent} %`}
            onChange={(percent) => onChange({ offset: percent / 100 })}
          />
          <Button size="small" onPress={() => onChange(facing())}>
            Face the viewer
          </Button>
        </>
      ) : null}
    </div>
  );
}
