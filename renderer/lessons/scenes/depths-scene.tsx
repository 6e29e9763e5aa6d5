import { useEffect, useMemo, useRef, useState } from 'react';
import { measureDepths } from '../../../core/lessons/measured/depths.ts';
import type { Measured } from '../../../core/lessons/measured/measured.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import type { PlotContent } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { measure, say } from '../lesson-state.ts';
import { PlainSlider, SceneControls } from '../scene-controls.tsx';
import { useSimulation } from '../use-simulation.ts';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneOf, SceneProps } from './scene-props.ts';

type Depths = Simulations['depths']['value'];

/** Steps that networks of several depths need, from orthogonal and from Gaussian weights. Runs when it is asked to. */
export function DepthsScene({ declared, controls }: SceneProps<'depths'>) {
  const [scene, setScene] = useState<SceneOf<'depths'>>(declared);
  const [wanted, setWanted] = useState<Simulations['depths']['params'] | null>(null);
  const { value, params, isBusy, failure } = useSimulation('depths', wanted);
  const first = useRef<Measured | null>(null);
  useEffect(() => {
    if (value === null || params === null) {
      say('Each network is trained with several step sizes; the best counts.');
      return;
    }
    const now = measureDepths(params.width, value);
    first.current ??= now;
    measure(now, first.current);
    say(depthsSentence(value));
  }, [value, params]);
  const plot = useMemo(() => (value ? depthsPlot(value) : null), [value]);
  const { kind: _, ...asked } = scene;
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts">
        {plot && value ? (
          <QuantityPlotView
            title="Steps to 1 % of the first loss"
            quantity="by the number of weight matrices; cross: never"
            content={plot}
            alternative={depthsSentence(value)}
          />
        ) : (
          <p className="lesson-scene-empty">{isBusy ? 'The networks are being trained.' : 'Press Run.'}</p>
        )}
      </div>
      <SceneControls>
        {controls.includes('width') ? (
          <PlainSlider
            label="Width"
            value={scene.width}
            minimum={8}
            maximum={48}
            step={8}
            onChange={(width) => setScene({ ...scene, width, outputs: Math.min(scene.outputs, width) })}
          />
        ) : null}
        {controls.includes('seed') ? (
          <Button onPress={() => setScene({ ...scene, seed: scene.seed + 1 })}>Another draw ({scene.seed})</Button>
        ) : null}
        <div className="lesson-run">
          <Button variant="primary" isDisabled={isBusy} onPress={() => setWanted(asked)}>
            {isBusy ? 'Running…' : 'Run'}
          </Button>
          <Button onPress={() => setScene(declared)}>Reset</Button>
        </div>
      </SceneControls>
    </>
  );
}

function depthsSentence({ rows }: Depths): string {
  const deep = rows[rows.length - 1];
  if (!deep) return '';
  const told = (steps: number | null) => (steps === null ? 'never arrive' : `need ${numeralText(steps)} steps`);
  return `${deep.matrices} matrices: orthogonal weights ${told(deep.orthogonal)}, Gaussian weights ${told(deep.gaussian)}.`;
}

function depthsPlot({ rows, mostSteps }: Depths): PlotContent {
  const x = Float64Array.from(rows, ({ matrices }) => matrices);
  const steps = (of: (row: Depths['rows'][number]) => number | null) =>
    Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
  const orthogonal = steps((row) => row.orthogonal);
  const gaussian = steps((row) => row.gaussian);
  const never = rows.filter((row) => row.gaussian === null || row.orthogonal === null);
  return {
    x: { title: 'Weight matrices', log: true },
    y: { title: 'Steps', log: true, high: 2 * mostSteps },
    lines: [
      { name: 'orthogonal', colour: 'c-3', x, y: orthogonal, quiet: true },
      { name: 'Gaussian', colour: 'c-4', x, y: gaussian, quiet: true },
    ],
    points: [
      { name: 'orthogonal weights', colour: 'c-3', shape: 'circle', filled: true, size: 6, x, y: orthogonal },
      { name: 'Gaussian weights', colour: 'c-4', shape: 'square', filled: true, size: 6, x, y: gaussian },
      {
        name: `not within ${numeralText(mostSteps)} steps`,
        colour: 'c-4',
        shape: 'cross',
        filled: false,
        size: 6,
        x: Float64Array.from(never, ({ matrices }) => matrices),
        y: Float64Array.from(never, () => mostSteps),
      },
    ],
  };
}
