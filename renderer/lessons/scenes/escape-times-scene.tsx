import { useEffect, useMemo, useRef, useState } from 'react';
import { measureEscapeTimes } from '../../../core/lessons/measured/escape-times.ts';
import type { Measured } from '../../../core/lessons/measured/measured.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import type { PlotContent } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { measure, say } from '../lesson-state.ts';
import { LogSlider, PlainSlider, SceneControls } from '../scene-controls.tsx';
import { useSimulation } from '../use-simulation.ts';
import { histogram } from './histogram.ts';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneOf, SceneProps } from './scene-props.ts';

type Escapes = Simulations['escapeTimes']['value'];

const mostSteps = 5000;
/** A slider of powers has no zero. */
const leastNoise = 1e-8;

/** Many noisy descents from a quadratic saddle: how long each took to leave, against theory. */
export function EscapeTimesScene({ declared, controls }: SceneProps<'escapeTimes'>) {
  const [scene, setScene] = useState<SceneOf<'escapeTimes'>>(declared);
  const { kind: _, ...wanted } = scene;
  const { value, params, failure } = useSimulation('escapeTimes', { ...wanted, mostSteps });
  const first = useRef<Measured | null>(null);
  useEffect(() => {
    if (value === null || params === null) return;
    first.current ??= measureEscapeTimes(params, value, null);
    measure(measureEscapeTimes(params, value, first.current), first.current);
    say(escapeSentence(value));
  }, [value, params]);
  const times = useMemo(() => (value ? timesPlot(value) : null), [value]);
  const losses = useMemo(() => (value ? lossPlot(value) : null), [value]);
  const change = (some: Partial<SceneOf<'escapeTimes'>>) => setScene((before) => ({ ...before, ...some }));
  const has = (name: string) => controls.includes(name);
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts lesson-charts-2">
        {times && value ? (
          <QuantityPlotView
            title="Escape times"
            quantity={`${value.times.length} descents`}
            content={times}
            alternative={escapeSentence(value)}
          />
        ) : (
          <div />
        )}
        {losses ? (
          <QuantityPlotView
            title="Loss"
            quantity="of the first descents; they have left below −1"
            content={losses}
            alternative="Each stays near zero for a while, then falls faster and faster."
          />
        ) : (
          <div />
        )}
      </div>
      <SceneControls>
        {has('noise') ? (
          <LogSlider
            label="Noise σ"
            value={Math.max(leastNoise, scene.noise)}
            minimum={leastNoise}
            maximum={0.1}
            onChange={(noise) => change({ noise })}
          />
        ) : null}
        {has('curvature') ? (
          <LogSlider
            label="Curvature c"
            value={scene.curvature}
            minimum={0.1}
            maximum={10}
            onChange={(curvature) => change({ curvature })}
          />
        ) : null}
        {has('dimension') ? (
          <PlainSlider
            label="Dimension N"
            value={scene.dimension}
            minimum={Math.max(2, scene.negative)}
            maximum={200}
            step={1}
            format={(n) => numeralText(n)}
            onChange={(dimension) => change({ dimension })}
          />
        ) : null}
        {has('negative') ? (
          <PlainSlider
            label="Directions down"
            value={scene.negative}
            minimum={1}
            maximum={scene.dimension}
            step={1}
            format={(n) => numeralText(n)}
            onChange={(negative) => change({ negative })}
          />
        ) : null}
        {has('distance') ? (
          <LogSlider
            label="Distance of the start"
            value={Math.max(1e-8, scene.distance)}
            minimum={1e-8}
            maximum={0.5}
            onChange={(distance) => change({ distance })}
          />
        ) : null}
        {has('learningRate') ? (
          <LogSlider
            label="Step size η"
            value={scene.learningRate}
            minimum={0.01}
            maximum={1}
            onChange={(learningRate) => change({ learningRate })}
          />
        ) : null}
        {has('seed') ? <Button onPress={() => change({ seed: scene.seed + 1 })}>Another draw</Button> : null}
        <div className="lesson-run">
          <Button onPress={() => setScene(declared)}>Reset</Button>
        </div>
      </SceneControls>
    </>
  );
}

function escapeSentence({ times, mean, standardError, theory }: Escapes): string {
  if (!Number.isFinite(mean)) {
    const stuck = times.filter((time) => !Number.isFinite(time)).length;
    return `${stuck} of ${times.length} descents have not left within ${numeralText(mostSteps)} steps.`;
  }
  const error = Number.isFinite(standardError) ? ` ± ${numeralText(standardError, 2)}` : '';
  const expected = theory === null ? '' : `, by theory ${numeralText(theory, 4)}`;
  return `They leave after ${numeralText(mean, 4)}${error} steps on average${expected}.`;
}

function timesPlot({ times, mean, theory }: Escapes): PlotContent {
  return {
    x: { title: 'Steps until the loss is below −1' },
    y: { title: 'Descents', low: 0 },
    bars: [{ name: 'descents', colour: 'c-1', ...histogram(times, { whole: true }) }],
    rules: [
      ...(Number.isFinite(mean) ? [{ axis: 'x' as const, at: mean, name: 'mean', colour: 'c-1', dash: [] }] : []),
      ...(theory === null ? [] : [{ axis: 'x' as const, at: theory, name: '', colour: 'fg-1', dash: [6, 4] }]),
    ],
    lines: theory === null ? [] : [{ name: 'theory', colour: 'fg-1', dash: [6, 4], x: [], y: [] }],
  };
}

const lossPlot = ({ losses }: Escapes): PlotContent => ({
  x: { title: 'Step', low: 0, high: Math.max(1, ...losses.map(({ length }) => length - 1)) },
  y: { title: 'Loss', low: -1.4, high: 0.4 },
  lines: losses.map((y, i) => ({
    name: `descent ${i + 1}`,
    colour: 'c-1',
    width: 1.5,
    quiet: true,
    x: Float64Array.from(y, (_, step) => step),
    y,
  })),
  rules: [{ axis: 'y', at: -1, name: 'left', colour: 'threshold' }],
});
