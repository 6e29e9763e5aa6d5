import { useMemo, useState } from 'react';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import { referencesOf } from '../../../core/experiment/figure-references.ts';
import type { Verdict } from '../../../core/fields/persistence.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { persistenceFigure } from '../../../core/figures/persistence-figure.ts';
import { goToPoint } from '../../actions/point-actions.ts';
import { FigureDialog } from '../../figures/figure-dialog.tsx';
import { useFigureTheme } from '../../figures/figure-theme.ts';
import { probe } from '../../state/probe.ts';
import type { PlaneKind, ShownLandscape } from '../../state/results.ts';
import type { Settings } from '../../state/settings.ts';
import { pickCell, usePicked } from '../../state/studied-point.ts';
import { Button } from '../../widgets/button.tsx';
import { SliderField, SwitchField } from '../../widgets/fields.tsx';
import { Section } from '../../widgets/section.tsx';
import { axisNames } from './cells.ts';
import { change } from './controls.tsx';
import type { FeatureRow } from './marks-of-features.ts';
import { quantityTitle } from './quantities.ts';
import type { Features } from './use-features.ts';

const shownRows = 24;

const verdictWords: Readonly<Record<Verdict, string>> = {
  'below noise': 'noise',
  'below sampling': 'sampling',
  'at the border': 'border',
  'beyond noise and sampling': 'beyond both',
};

export interface TopologySectionProps {
  readonly run: string;
  readonly plane: PlaneKind;
  readonly shown: ShownLandscape;
  readonly settings: Settings['landscape'];
  /** Null while they are being found. */
  readonly features: Features | null;
  readonly rows: readonly FeatureRow[];
}

/** Minima of the grid and the passes between them, with what noise and sampling can make of each. */
export function TopologySection({ run, plane, shown, settings, features, rows }: TopologySectionProps) {
  return (
    <Section title="Topology of the grid">
      <div className="landscape-fields">
        <SwitchField
          label="Minima and passes"
          value={settings.marks}
          onChange={(marks) => change('minima and passes', { marks })}
        />
        {settings.marks ? (
          <>
            <SliderField
              label="Least persistence"
              value={settings.prominence}
              minimum={0}
              maximum={0.5}
              step={0.005}
              format={(share) => `${percentText(share)} of the range`}
              onChange={(prominence) => change('least persistence', { prominence })}
            />
            {features === null ? (
              <p className="landscape-certificate">They are being looked for.</p>
            ) : (
              <FeatureTable run={run} plane={plane} shown={shown} features={features} rows={rows} />
            )}
            {features === null ? null : <Diagram shown={shown} features={features} />}
          </>
        ) : null}
      </div>
    </Section>
  );
}

type FeatureTableProps = Omit<TopologySectionProps, 'settings' | 'features'> & { readonly features: Features };

function FeatureTable({ run, plane, shown, features, rows }: FeatureTableProps) {
  const cell = usePicked(({ cell: picked }) => (picked?.run === run && picked.plane === plane ? picked.index : null));
  const planeId = 'planeId' in shown.slice ? shown.slice.planeId : null;
  const names = axisNames.slice(0, shown.slice.axes.length);
  const { pairs, dropped } = features.tree;
  const noise = pairs.reduce((most, pair) => Math.max(most, pair.noise), 0);
  return (
    <>
      <p className="landscape-certificate">
        Of the {quantityTitle(features.field.quantity)} on this grid, not critical points of the loss.{' '}
        {dropped > 0 ? `${dropped} of less than ${numberText(features.threshold, 2)} left out. ` : ''}
        {Number.isFinite(noise) ? `Noise up to ${numberText(noise, 2)}. ` : 'The noise is unknown. '}
        Filled marks: beyond noise and sampling.
      </p>
      <div className="landscape-features">
        <table>
          <thead>
            <tr>
              <th scope="col">At {names.join(', ')}</th>
              <th scope="col">Value</th>
              <th scope="col">Persistence</th>
              <th scope="col">
                <span className="visually-hidden">Go there</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shownRows).map((row) => (
              <tr
                key={`${row.kind} ${row.index}`}
                aria-selected={row.index === cell}
                onPointerEnter={() => pointAt(row)}
                onPointerLeave={() => probe(null)}
              >
                <td>
                  <button
                    type="button"
                    className="landscape-link"
                    aria-label={`Show the grid ${row.kind} of ${numberText(row.value, 3)}`}
                    onFocus={() => pointAt(row)}
                    onBlur={() => probe(null)}
                    onClick={() => pickCell({ run, plane, index: row.index })}
                  >
                    {row.kind === 'minimum' ? '○ min' : '◇ pass'}
                  </button>
                  <small>{row.coordinates.map((at) => numberText(at, 2)).join(', ')}</small>
                </td>
                <td>{numberText(row.value, 3)}</td>
                <td>
                  {row.essential ? 'whole window' : numberText(row.persistence, 2)}
                  <small>{verdictWords[row.verdict]}</small>
                </td>
                <td>
                  <button
                    type="button"
                    className="landscape-link"
                    disabled={planeId === null}
                    aria-label={`Go to the grid ${row.kind} of ${numberText(row.value, 3)}`}
                    onClick={() =>
                      planeId !== null && void goToPoint({ run, plane, planeId, coordinates: row.coordinates })
                    }
                  >
                    Go
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shownRows ? (
        <p className="landscape-certificate">{rows.length - shownRows} less persistent ones are not listed.</p>
      ) : null}
    </>
  );
}

function pointAt({ coordinates, value }: FeatureRow): void {
  probe({ alpha: coordinates[0]!, beta: coordinates[1] ?? 0, loss: value, source: 'scene' });
}

function Diagram({ shown, features }: { readonly shown: ShownLandscape; readonly features: Features }) {
  const theme = useFigureTheme();
  const [isShown, show] = useState(false);
  const figure = useMemo(() => {
    if (!isShown) return null;
    const { slice } = shown;
    return persistenceFigure(
      {
        tree: features.tree,
        quantity: quantityTitle(features.field.quantity),
        axisNames: axisNames.slice(0, slice.axes.length),
        formula: slice.convention.formula,
        command: slice.command,
        references: referencesOf(sliceDescriptor),
      },
      theme,
    );
  }, [isShown, shown, features, theme]);
  return (
    <>
      <Button size="small" onPress={() => show(true)}>
        Persistence diagram…
      </Button>
      {figure === null ? null : <FigureDialog figure={figure} onClose={() => show(false)} />}
    </>
  );
}
