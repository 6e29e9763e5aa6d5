import { useEffect, useMemo, useRef, useState } from 'react';
import type { Measured } from '../../../core/lessons/measured/measured.ts';
import { measureModes } from '../../../core/lessons/measured/modes.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import type { PlotContent, PlotLine } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { measure, say } from '../lesson-state.ts';
import { LogSlider, PlainSlider, SceneControls } from '../scene-controls.tsx';
import { useSimulation } from '../use-simulation.ts';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneOf, SceneProps } from './scene-props.ts';

type Modes = Simulations['modes']['value'];

export const modeColours = ['c-1', 'c-2', 'c-3', 'c-4', 'c-5', 'c-6'] as const;

/** Modes of a deep linear network: simulated strengths and the exact solution over them, and the loss below. */
export function ModesScene({ declared, controls }: SceneProps<'modes'>) {
  const [scene, setScene] = useState<SceneOf<'modes'>>(declared);
  const { kind: _, ...wanted } = scene;
  const { value, params, failure } = useSimulation('modes', wanted);
  const first = useRef<Measured | null>(null);
  useEffect(() => {
    if (value === null || params === null) return;
    first.current ??= measureModes(params, value, null);
    measure(measureModes(params, value, first.current), first.current);
    say(modesSentence(value));
  }, [value, params]);
  const strengths = useMemo(() => (value ? strengthPlot(value) : null), [value]);
  const loss = useMemo(() => (value ? lossPlot(value) : null), [value]);
  const change = (some: Partial<SceneOf<'modes'>>) => setScene((before) => ({ ...before, ...some }));
  const has = (name: string) => controls.includes(name);
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts lesson-charts-2">
        {strengths && value ? (
          <QuantityPlotView
            title="Strength of the modes"
            quantity="u by step; dashed: the exact solution"
            content={strengths}
            alternative={modesSentence(value)}
          />
        ) : (
          <div />
        )}
        {loss ? (
          <QuantityPlotView
            title="Loss"
            quantity="½‖W − Σ‖²"
            content={loss}
            alternative="Plateaus, and a fall for each mode."
          />
        ) : (
          <div />
        )}
      </div>
      <SceneControls>
        {has('u0') ? (
          <LogSlider
            label="Start strength u₀"
            value={scene.u0}
            minimum={1e-6}
            maximum={0.3}
            onChange={(u0) => change({ u0 })}
          />
        ) : null}
        {has('learningRate') ? (
          <LogSlider
            label="Step size η"
            value={scene.learningRate}
            minimum={1e-3}
            maximum={0.1}
            onChange={(learningRate) => change({ learningRate })}
          />
        ) : null}
        {has('matrices') ? (
          <PlainSlider
            label="Weight matrices"
            value={scene.matrices}
            minimum={2}
            maximum={8}
            step={1}
            onChange={(matrices) => change({ matrices, ...(matrices === 2 ? {} : { imbalance: 0 }) })}
          />
        ) : null}
        {has('imbalance') ? (
          <PlainSlider
            label="Imbalance a² − b²"
            value={scene.imbalance}
            minimum={0}
            maximum={3}
            step={0.05}
            onChange={(imbalance) => change({ imbalance, ...(imbalance > 0 ? { matrices: 2 } : {}) })}
          />
        ) : null}
        <div className="lesson-run">
          <Button onPress={() => setScene(declared)}>Reset</Button>
        </div>
      </SceneControls>
    </>
  );
}

function modesSentence({ modes }: Modes): string {
  const [strongest] = modes;
  const learnt = modes.filter(({ halfTime }) => halfTime !== null).length;
  if (!strongest || strongest.halfTime === null) return 'No mode is learnt within these steps.';
  return `The first mode is half learnt after ${numeralText(strongest.halfTime, 3)} steps (exact: ${numeralText(strongest.theoryHalfTime, 3)}); ${learnt} of ${modes.length} are learnt.`;
}

const endOf = (steps: Float64Array): number => steps[steps.length - 1] ?? 1;

function strengthPlot({ steps, modes }: Modes): PlotContent {
  return {
    x: { title: 'Step', low: 0, high: endOf(steps) },
    y: { title: 'u', low: 0 },
    lines: modes.flatMap(({ singularValue, simulated, theory }, i): PlotLine[] => [
      { name: `s = ${numeralText(singularValue)}`, colour: modeColours[i % 6]!, width: 3, x: steps, y: simulated },
      { name: 'exact', colour: 'fg-1', width: 1.5, dash: [6, 4], quiet: true, x: steps, y: theory },
    ]),
  };
}

const lossPlot = ({ steps, loss }: Modes): PlotContent => ({
  x: { title: 'Step', low: 0, high: endOf(steps) },
  y: { title: 'Loss', low: 0 },
  lines: [{ name: 'loss', colour: 'c-1', width: 2.25, quiet: true, x: steps, y: loss }],
});
