import { useEffect, useMemo, useRef, useState } from 'react';
import { measureHierarchy } from '../../../core/lessons/measured/hierarchy.ts';
import type { Measured } from '../../../core/lessons/measured/measured.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import type { PlotContent, PlotLine } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { measure, say } from '../lesson-state.ts';
import { PlainSlider, SceneControls } from '../scene-controls.tsx';
import { useSimulation } from '../use-simulation.ts';
import { modeColours } from './modes-scene.tsx';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneOf, SceneProps } from './scene-props.ts';

type Hierarchy = Simulations['hierarchy']['value'];

/** A tree of items learnt level by level: strengths by step, and where the items lie at one step. */
export function HierarchyScene({ declared, controls }: SceneProps<'hierarchy'>) {
  const [scene, setScene] = useState<SceneOf<'hierarchy'>>(declared);
  const [at, setAt] = useState(declared.steps);
  const { kind: _, ...wanted } = scene;
  const { value, params, failure } = useSimulation('hierarchy', wanted);
  const first = useRef<Measured | null>(null);
  useEffect(() => {
    if (value === null || params === null) return;
    const now = measureHierarchy(params.flip, value);
    first.current ??= now;
    measure(now, first.current);
    say(hierarchySentence(value));
  }, [value, params]);
  const strengths = useMemo(() => (value ? strengthPlot(value, at) : null), [value, at]);
  const places = useMemo(() => (value ? itemPlot(value, at) : null), [value, at]);
  const change = (some: Partial<SceneOf<'hierarchy'>>) => setScene((before) => ({ ...before, ...some }));
  const has = (name: string) => controls.includes(name);
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts lesson-charts-2">
        {places && value ? (
          <QuantityPlotView
            title={`Items at step ${numeralText(at)}`}
            quantity="in one fixed plane of what the network says of them"
            content={places}
            alternative={`${value.items.length} items with the paths that they have taken.`}
          />
        ) : (
          <div />
        )}
        {strengths && value ? (
          <QuantityPlotView
            title="Levels of the tree"
            quantity="strength by step; dashed: exact"
            content={strengths}
            alternative={hierarchySentence(value)}
          />
        ) : (
          <div />
        )}
      </div>
      <SceneControls>
        {has('step') ? (
          <PlainSlider
            label="Step"
            value={at}
            minimum={0}
            maximum={declared.steps}
            step={Math.max(1, Math.round(declared.steps / 100))}
            format={(step) => numeralText(step)}
            onChange={setAt}
          />
        ) : null}
        {has('flip') ? (
          <PlainSlider
            label="Flips on an edge ε"
            value={scene.flip}
            minimum={0.02}
            maximum={0.4}
            step={0.02}
            onChange={(flip) => change({ flip })}
          />
        ) : null}
        {has('seed') ? <Button onPress={() => change({ seed: scene.seed + 1 })}>Another draw</Button> : null}
        <div className="lesson-run">
          <Button
            onPress={() => {
              setScene(declared);
              setAt(declared.steps);
            }}
          >
            Reset
          </Button>
        </div>
      </SceneControls>
    </>
  );
}

function hierarchySentence({ eigenvalues }: Hierarchy): string {
  const told = eigenvalues.map(({ level, halfTime }) =>
    halfTime === null ? `level ${level} not yet` : `level ${level} after ${numeralText(halfTime, 3)} steps`,
  );
  return `Half learnt: ${told.join(', ')}.`;
}

function strengthPlot({ steps, eigenvalues }: Hierarchy, at: number): PlotContent {
  return {
    x: { title: 'Step', low: 0, high: steps[steps.length - 1] ?? 1 },
    y: { title: 'Strength', low: 0 },
    lines: eigenvalues.flatMap(({ level, strength, theoryStrength }, i): PlotLine[] => [
      { name: `level ${level}`, colour: modeColours[i % 6]!, width: 3, x: steps, y: strength },
      { name: 'exact', colour: 'fg-1', width: 1.5, dash: [6, 4], quiet: true, x: steps, y: theoryStrength },
    ]),
    rules: [{ axis: 'x', at, name: '', colour: 'cursor', dash: [] }],
  };
}

/** Items of the two halves of the tree have colours of their own, those of the quarters signs of their own. */
function itemPlot({ steps, items }: Hierarchy, at: number): PlotContent {
  const found = steps.findIndex((step) => step >= at);
  const place = found < 0 ? steps.length - 1 : found;
  const all = items.flatMap(({ path }) => [...path]);
  const reach = 1.1 * Math.max(1e-12, ...all.map(Math.abs));
  const shapes = ['circle', 'square', 'diamond', 'triangle'] as const;
  const quarter = (i: number) => Math.floor((4 * i) / items.length);
  const column = (path: Float64Array, axis: 0 | 1) =>
    Float64Array.from({ length: place + 1 }, (_, k) => path[2 * k + axis]!);
  return {
    x: { title: 'Level 1', low: -reach, high: reach },
    y: { title: 'Level 2', low: -reach, high: reach },
    lines: items.map(({ name, path }, i) => ({
      name,
      colour: modeColours[quarter(i) % 6]!,
      width: 1,
      quiet: true,
      x: column(path, 0),
      y: column(path, 1),
    })),
    points: [0, 1, 2, 3].map((part) => {
      const members = items.filter((_, i) => quarter(i) === part);
      return {
        name: members.map(({ name }) => name).join(', '),
        colour: modeColours[part]!,
        shape: shapes[part]!,
        filled: true,
        size: 6,
        x: Float64Array.from(members, ({ path }) => path[2 * place]!),
        y: Float64Array.from(members, ({ path }) => path[2 * place + 1]!),
      };
    }),
  };
}
