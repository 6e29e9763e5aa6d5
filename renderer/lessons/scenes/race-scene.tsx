import { useEffect, useMemo, useRef, useState } from 'react';
import type { SceneState } from '../../../core/lessons/lesson.ts';
import type { Measured } from '../../../core/lessons/measured/measured.ts';
import { measureRace, optimizerTitles } from '../../../core/lessons/measured/race.ts';
import type { Runner, Simulations } from '../../../core/simulations/simulation.ts';
import type { PlotContent } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { SwitchField } from '../../widgets/fields.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { measure, say } from '../lesson-state.ts';
import { LogSlider, RunButtons, SceneControls } from '../scene-controls.tsx';
import { useSimulation } from '../use-simulation.ts';
import { runnerColours } from './race-colours.ts';
import { RaceLegend } from './race-legend.tsx';
import { RaceStage } from './race-stage.tsx';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneProps } from './scene-props.ts';
import { useSteps } from './use-steps.ts';

export type Race = Extract<SceneState, { kind: 'race' }>;

/** Newton's methods take full steps: η is no setting of theirs unless the page says so. */
const takesRate = ({ optimizer, settings }: Runner): boolean =>
  optimizer !== 'newton' && optimizer !== 'saddleFreeNewton' && settings.learningRate === undefined;

export const paramsOf = ({
  surface,
  start,
  steps,
  runners,
  learningRate,
  leavesBelow,
}: Race): Simulations['race']['params'] => ({
  surface,
  start,
  steps,
  leavesBelow,
  runners: runners.map((runner) =>
    takesRate(runner) ? { ...runner, settings: { ...runner.settings, learningRate } } : runner,
  ),
});

export const gridPoints = 65;

/** Optimisers that start at one point of a surface: dragged, run, stepped, and compared by when they leave. */
export function RaceScene({ declared, controls }: SceneProps<'race'>) {
  const [scene, setScene] = useState<Race>(declared);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const { value: surface, failure } = useSimulation('surface', { surface: declared.surface, points: gridPoints });
  const { value: race, params, failure: raceFailure } = useSimulation('race', paramsOf(scene));
  const steps = useSteps(declared.steps);
  const { shown } = steps;
  const first = useRef<Measured | null>(null);

  useEffect(() => {
    if (race === null || surface === null || params === null) return;
    const seen = { start: params.start, learningRate: scene.learningRate, surface, runners: race.runners };
    // The first answer is that of the page as it was opened.
    first.current ??= measureRace({ ...seen, shown: declared.steps, steps: declared.steps, first: null });
    measure(measureRace({ ...seen, shown, steps: declared.steps, first: first.current }), first.current);
  }, [race, surface, params, shown, scene.learningRate, declared.steps]);
  useEffect(() => {
    if (race !== null && shown >= declared.steps) say(raceSentence(race.runners));
    else if (shown === 0) say('Drag the start on the surface, or move it with the arrow keys; then run.');
  }, [race, shown, declared.steps]);

  const change = (some: Partial<Race>) => {
    // A run that is half shown is of other numbers.
    if (shown < declared.steps) steps.reset();
    setScene((before) => ({ ...before, ...some }));
  };
  const runners = useMemo(
    () => race?.runners.filter(({ optimizer }) => !hidden.includes(optimizer)) ?? [],
    [race, hidden],
  );
  const chart = useMemo(
    () => (surface ? lossChart(runners, surface.values, shown, declared.steps) : null),
    [surface, runners, shown, declared.steps],
  );
  const [x, y] = scene.start;
  const wrong = failure ?? raceFailure;
  return (
    <>
      {wrong ? <SceneFailure failure={wrong} /> : null}
      <div className="lesson-stage">
        {surface === null ? null : (
          <RaceStage
            surface={surface}
            runners={runners}
            start={scene.start}
            shown={shown}
            canMove={controls.includes('start')}
            onMove={(start) => change({ start })}
          />
        )}
      </div>
      <SceneControls>
        {controls.includes('ridgeDistance') ? (
          <LogSlider
            label={`Start: distance from y = 0`}
            value={Math.max(1e-8, Math.abs(y))}
            minimum={1e-8}
            maximum={1}
            onChange={(distance) => change({ start: [x, y < 0 ? -distance : distance] })}
          />
        ) : null}
        {controls.includes('learningRate') ? (
          <LogSlider
            label="Step size η"
            value={scene.learningRate}
            minimum={1e-3}
            maximum={1}
            onChange={(learningRate) => change({ learningRate })}
          />
        ) : null}
        {controls.includes('runners')
          ? declared.runners.map(({ optimizer }) => (
              <SwitchField
                key={optimizer}
                label={optimizerTitles[optimizer]}
                value={!hidden.includes(optimizer)}
                onChange={(isShown) =>
                  setHidden(isShown ? hidden.filter((one) => one !== optimizer) : [...hidden, optimizer])
                }
              />
            ))
          : null}
        <RunButtons
          isRunning={steps.isRunning}
          isDisabled={race === null}
          onRun={steps.run}
          onPause={steps.pause}
          onStep={steps.step}
          onReset={() => {
            steps.reset();
            setScene(declared);
          }}
        />
      </SceneControls>
      <div className="lesson-chart lesson-chart-named">
        {race === null ? null : (
          <RaceLegend runners={runners} shown={shown} steps={declared.steps} leavesBelow={declared.leavesBelow} />
        )}
        {chart ? (
          <QuantityPlotView
            title="Loss"
            quantity={surface ? `L = ${surface.formula}` : ''}
            content={chart}
            alternative={shown === 0 ? 'Nothing has run yet.' : `Loss by step after ${shown} steps.`}
          />
        ) : null}
      </div>
    </>
  );
}

type Path = Simulations['race']['value']['runners'][number];

function raceSentence(runners: readonly Path[]): string {
  const told = runners.map(({ optimizer, leavesAt, status }) => {
    const title = optimizerTitles[optimizer];
    if (leavesAt !== null) return `${title} leaves after ${numeralText(leavesAt)} steps`;
    return status === 'diverged' ? `${title} diverges` : `${title} stays`;
  });
  return `${told.join('; ')}.`;
}

/** What leaves the surface leaves the chart. */
function lossChart(runners: readonly Path[], values: Float64Array, shown: number, steps: number): PlotContent {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const start = runners[0]?.losses[0] ?? high;
  const descent = runners.find(({ leavesAt }) => leavesAt !== null && leavesAt <= shown);
  return {
    x: { title: 'Step', low: 0, high: steps },
    y: {
      title: 'Loss',
      low: low < 0 ? low : Math.min(0, low),
      high: Math.max(start, 0.1 * (high - low) + low) + 0.08 * (high - low),
    },
    lines: runners.map(({ optimizer, losses }) => {
      const length = shown === 0 ? 0 : Math.min(shown + 1, losses.length);
      return {
        name: optimizerTitles[optimizer],
        colour: runnerColours[optimizer],
        width: 2.25,
        quiet: true,
        x: Float64Array.from({ length }, (_, i) => i),
        y: losses.subarray(0, length),
      };
    }),
    rules:
      descent && descent.leavesAt !== null
        ? [
            {
              axis: 'x',
              at: descent.leavesAt,
              // Its colour says whose.
              name: `leaves at ${numeralText(descent.leavesAt)}`,
              colour: runnerColours[descent.optimizer],
              dash: [3, 3],
            },
          ]
        : [],
  };
}
