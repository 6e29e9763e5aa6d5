import { useEffect, useMemo, useRef, useState } from 'react';
import type { Measured } from '../../../core/lessons/measured/measured.ts';
import { measureRandomLandscape } from '../../../core/lessons/measured/random-landscape.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import type { PlotContent } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { measure, say } from '../lesson-state.ts';
import { PlainSlider, SceneControls } from '../scene-controls.tsx';
import { useSimulation } from '../use-simulation.ts';
import { histogram } from './histogram.ts';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneOf, SceneProps } from './scene-props.ts';

type Landscape = Simulations['randomLandscape']['value'];

/** Index against energy of Hessians of critical points drawn at given energies, and the eigenvalues of one of them. */
export function RandomLandscapeScene({ declared, controls }: SceneProps<'randomLandscape'>) {
  const [scene, setScene] = useState<SceneOf<'randomLandscape'>>(declared);
  const [chosen, setChosen] = useState(1);
  const { kind: _, ...wanted } = scene;
  const { value, params, failure } = useSimulation('randomLandscape', wanted);
  const first = useRef<Measured | null>(null);
  useEffect(() => {
    if (value === null || params === null) return;
    first.current ??= measureRandomLandscape(params.dimension, value, chosen);
    measure(measureRandomLandscape(params.dimension, value, chosen), first.current);
    const { energy = 0 } = value.spectra[chosen] ?? {};
    say(
      `${params.points} draws at critical points in ${params.dimension} dimensions; spectrum at energy ${numeralText(energy, 3)}.`,
    );
  }, [value, params, chosen]);
  const scatter = useMemo(() => (value ? scatterPlot(value, chosen) : null), [value, chosen]);
  const spectrum = useMemo(() => (value ? spectrumPlot(value, chosen) : null), [value, chosen]);
  const change = (some: Partial<SceneOf<'randomLandscape'>>) => setScene((before) => ({ ...before, ...some }));
  const has = (name: string) => controls.includes(name);
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts lesson-charts-2">
        {scatter ? (
          <QuantityPlotView
            title="Index against energy"
            quantity="share of negative eigenvalues α"
            content={scatter}
            alternative="Critical points lie along a rising curve: the higher the energy, the more directions lead down."
          />
        ) : (
          <div />
        )}
        {spectrum && value ? (
          <QuantityPlotView
            title={`Eigenvalues at energy ${numeralText(value.spectra[chosen]?.energy ?? Number.NaN, 3)}`}
            quantity="of one draw; left of zero leads down"
            content={spectrum}
            alternative="A semicircle about the mean eigenvalue."
          />
        ) : (
          <div />
        )}
      </div>
      <SceneControls>
        {has('dimension') ? (
          <PlainSlider
            label="Dimension N"
            value={scene.dimension}
            minimum={2}
            maximum={120}
            step={2}
            format={(n) => numeralText(n)}
            onChange={(dimension) => change({ dimension })}
          />
        ) : null}
        {has('points') ? (
          <PlainSlider
            label="Critical points"
            value={scene.points}
            minimum={20}
            maximum={400}
            step={20}
            format={(n) => numeralText(n)}
            onChange={(points) => change({ points })}
          />
        ) : null}
        {has('energy') && value ? (
          <Segmented
            label="Energy of the spectrum"
            value={String(chosen)}
            options={value.spectra.map(({ energy }, i) => ({ id: String(i), title: `ε = ${numeralText(energy, 2)}` }))}
            onChange={(id) => setChosen(Number(id))}
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

function scatterPlot({ energies, indexFractions, theory, spectra }: Landscape, chosen: number): PlotContent {
  const energy = spectra[chosen]?.energy;
  return {
    x: { title: 'Energy ε' },
    y: { title: 'α', low: -0.03, high: 1.03 },
    lines: [
      {
        name: 'Bray and Dean, N → ∞',
        colour: 'fg-1',
        dash: [6, 4],
        width: 2,
        x: theory.energies,
        y: theory.indexFractions,
      },
    ],
    points: [
      {
        name: 'draws',
        colour: 'c-1',
        shape: 'circle',
        filled: true,
        size: 3.5,
        x: energies,
        y: indexFractions,
      },
    ],
    rules: energy === undefined ? [] : [{ axis: 'x', at: energy, name: 'spectrum below', colour: 'c-2', dash: [3, 3] }],
  };
}

function spectrumPlot({ spectra }: Landscape, chosen: number): PlotContent {
  const shown = spectra[chosen];
  if (!shown) return { x: { title: 'λ' }, y: { title: 'Density' } };
  return {
    x: { title: 'Eigenvalue λ', low: -4.5, high: 4.5 },
    y: { title: 'Density', low: 0 },
    bars: [{ name: 'eigenvalues', colour: 'c-1', ...histogram(shown.eigenvalues, { density: true }) }],
    lines: [{ name: 'semicircle', colour: 'fg-1', dash: [6, 4], x: shown.density.x, y: shown.density.y }],
    rules: [{ axis: 'x', at: 0, name: '', colour: 'axis', dash: [] }],
  };
}
