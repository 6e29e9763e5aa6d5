import { type ReactNode, useMemo } from 'react';
import { valueAt } from '../../../core/fields/interpolate.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { heightScale, type ScaleReach } from '../../scene/height-scale.ts';
import type { NamedPath } from '../../scene/scene-model.ts';
import { heightColours } from '../../scene/surface-colours.ts';
import { useRuns } from '../../state/runs.ts';
import { useSettings } from '../../state/settings.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { ColourBarView } from '../landscape/colour-bar-view.tsx';
import { alternativeText, pathOf, warningsOf } from '../landscape/landscape-text.ts';
import { quantityTitle } from '../landscape/quantities.ts';
import { contentOf } from './compare-content.ts';
import { CompareScene } from './compare-scene.tsx';
import { type Compared, lossOf, useCompare } from './compared.ts';
import type { LinkedCameras } from './linked-cameras.ts';
import { type FoundPath, pathText } from './paths.ts';

export interface CompareCellProps {
  readonly one: Compared;
  /** `A`, `B` where it is part of the difference. */
  readonly letter: string | null;
  /** What chooses it. */
  readonly head: ReactNode;
  readonly paths: readonly FoundPath[];
  readonly reach: ScaleReach | null;
  readonly links: LinkedCameras;
}

export function CompareCell({ one, letter, head, paths, reach, links }: CompareCellProps) {
  const { height, colours } = useSettings(({ landscape }) => landscape);
  const flat = useCompare(({ view }) => view === 'contours');
  const named = useNamedPaths(paths);
  const content = useMemo(() => contentOf(one, named, { height, flat, reach }), [one, named, height, flat, reach]);
  const scale = useMemo(
    () => heightScale(content.grid, content.path?.trueLoss ?? [], height, null, reach),
    [content, height, reach],
  );
  const alternative = useMemo(() => alternativeText(one.shown, one.name), [one]);
  const title = quantityTitle(lossOf(one).quantity);
  const warnings = warningsOf(one.shown).join(' ');
  return (
    <section className="compare-cell" aria-label={one.name}>
      <header className="compare-cell-head">
        {letter === null ? null : <span className="compare-letter">{letter}</span>}
        {head}
      </header>
      <div className="compare-picture">
        <CompareScene content={content} links={links} alternative={alternative} />
        {scale ? (
          <ColourBarView scale={heightColours(scale, `${title[0]!.toUpperCase()}${title.slice(1)}`)} map={colours} />
        ) : null}
      </div>
      <PathList one={one} paths={paths} />
      <PointValue one={one} />
      {warnings === '' ? null : (
        <p className="compare-warning" title={warnings}>
          ⚠ {warnings}
        </p>
      )}
    </section>
  );
}

const useTitles = () => {
  const runs = useRuns((state) => state.runs);
  return (id: string) => {
    const run = runs.find((each) => each.id === id);
    return { title: run?.title ?? 'a run', token: `c-${(run?.colour ?? 0) + 1}` };
  };
};

/** Those that are there, in the colours of their runs. */
function useNamedPaths(paths: readonly FoundPath[]): readonly NamedPath[] {
  const colour = useThemeColours();
  const key = useRuns(({ runs }) => runs.map(({ id, title, colour: at }) => `${id} ${title} ${at}`).join('\n'));
  const titleOf = useTitles();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the titles
  return useMemo(
    () =>
      paths.flatMap(({ run, path }) => {
        const { title, token } = titleOf(run);
        return path ? [{ path, colour: colour(token), name: title }] : [];
      }),
    [paths, colour, key],
  );
}

/** Whose paths are drawn, and how far each is from the plane. */
function PathList({ one, paths }: { readonly one: Compared; readonly paths: readonly FoundPath[] }) {
  const titleOf = useTitles();
  const own = useMemo(() => (lossOf(one).quantity === 'loss' ? pathOf(one.shown) : null), [one]);
  if (own === null && paths.length === 0) return null;
  return (
    <ul className="compare-paths" aria-label="Paths">
      {own === null ? null : (
        <li>
          <span className="compare-stroke compare-stroke-own" />
          <span>
            <b>own path</b> {one.shown.file ? '' : pathText(own, one)}
          </span>
        </li>
      )}
      {paths.map(({ run, path, problem }) => {
        const { title, token } = titleOf(run);
        return (
          <li key={run}>
            <span className="compare-stroke" style={{ background: `var(--${token})` }} />
            <span>
              <b>{title}</b> {path ? pathText(path, one) : `not drawn: ${problem}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The value of this plane at the point that is looked at in any of them. */
function PointValue({ one }: { readonly one: Compared }) {
  const point = useCompare((state) => state.point);
  const { axes } = one.shown.slice;
  const field = lossOf(one);
  const { value, known } = point
    ? valueAt(axes, field, [point.alpha, point.beta])
    : { value: Number.NaN, known: false };
  return (
    <output className="compare-value" aria-label={`Value of ${one.name}`}>
      {point === null ? null : known ? (
        <>
          {quantityTitle(field.quantity)} <span className="numeral">{numberText(value, 4)}</span>
        </>
      ) : (
        'unknown here'
      )}
    </output>
  );
}
