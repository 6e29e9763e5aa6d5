import { useCallback, useMemo } from 'react';
import { valueAt } from '../../../core/fields/interpolate.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { FigureMenu } from '../../figures/figure-menu.tsx';
import { colourScale } from '../../scene/surface-colours.ts';
import { useSettings } from '../../state/settings.ts';
import { SelectField } from '../../widgets/fields.tsx';
import { ColourBarView } from '../landscape/colour-bar-view.tsx';
import { differenceContent } from './compare-content.ts';
import { compareFigure } from './compare-figure.ts';
import { CompareScene } from './compare-scene.tsx';
import { type Compared, useCompare } from './compared.ts';
import type { LinkedCameras } from './linked-cameras.ts';
import { differenceSentences, type PlaneDifference, planeDifference } from './plane-difference.ts';

export interface DifferenceCellProps {
  /** Those that are on the screen. */
  readonly chosen: readonly Compared[];
  readonly first: Compared;
  readonly second: Compared;
  readonly links: LinkedCameras;
}

/** First − second as a map or a surface, with what may mislead in it. */
export function DifferenceCell({ chosen, first, second, links }: DifferenceCellProps) {
  const colours = useSettings(({ landscape }) => landscape.colours);
  const flat = useCompare(({ view }) => view === 'contours');
  const made = useMemo(() => planeDifference(first, second), [first, second]);
  const content = useMemo(() => differenceContent(made, flat), [made, flat]);
  const sentences = useMemo(() => differenceSentences(made), [made]);
  const scale = content.colour && colourScale(content.colour);
  const figure = useCallback(() => compareFigure(made), [made]);
  return (
    <section className="compare-cell compare-difference" aria-label="Difference A − B">
      <header className="compare-cell-head">
        <DifferenceChoice chosen={chosen} first={first} second={second} />
      </header>
      <FigureMenu figure={figure}>
        <div className="compare-picture">
          {made.known > 0 ? (
            <CompareScene
              content={content}
              links={links}
              alternative={`The difference of ${first.name} and ${second.name}. ${[...sentences, ...made.warnings].join(' ')}`}
            />
          ) : null}
          {scale ? <ColourBarView scale={scale} map={colours} /> : null}
        </div>
      </FigureMenu>
      <p className="compare-sentences">{sentences.join(' ')}</p>
      <DifferenceValue made={made} />
      {made.warnings.map((sentence) => (
        <p key={sentence} className="compare-warning compare-warning-whole">
          ⚠ {sentence}
        </p>
      ))}
    </section>
  );
}

function DifferenceChoice({ chosen, first, second }: Omit<DifferenceCellProps, 'links'>) {
  const options = chosen.map(({ key, name }) => ({ id: key, title: name }));
  const choose = (place: 0 | 1) => (key: string) =>
    useCompare.setState(({ difference }) => {
      const other = difference?.[place === 0 ? 1 : 0] ?? key;
      // The same one twice: they change places.
      const kept = other === key ? (difference?.[place] ?? other) : other;
      return { difference: place === 0 ? [key, kept] : [kept, key] };
    });
  if (chosen.length < 3) return <h3 className="compare-difference-title">Difference A − B</h3>;
  return (
    <>
      <SelectField label="A" hideLabel value={first.key} options={options} onChange={choose(0)} />
      <span aria-hidden="true">−</span>
      <SelectField label="B" hideLabel value={second.key} options={options} onChange={choose(1)} />
    </>
  );
}

function DifferenceValue({ made }: { readonly made: PlaneDifference }) {
  const point = useCompare((state) => state.point);
  if (point === null) return <output className="compare-value" aria-label="Value of the difference" />;
  const at = [point.alpha, point.beta];
  const { value, known } = valueAt(made.axes, made.field, at);
  const error = made.standardError
    ? valueAt(made.axes, { values: made.standardError, computed: made.field.computed }, at).value
    : Number.NaN;
  return (
    <output className="compare-value" aria-label="Value of the difference">
      {known ? (
        <>
          A − B <span className="numeral">{numberText(value, 4)}</span>
          {Number.isFinite(error) ? (
            <>
              {' '}
              ± <span className="numeral">{numberText(error, 2)}</span> (standard error)
            </>
          ) : null}
        </>
      ) : (
        'unknown here'
      )}
    </output>
  );
}
