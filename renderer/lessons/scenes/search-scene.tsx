import { useEffect, useMemo, useRef, useState } from 'react';
import { finders } from '../../../core/analyses/saddles/descriptor.ts';
import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { measureSearch } from '../../../core/lessons/measured/search.ts';
import { type StartedJob, startJob } from '../../actions/analysis-job.ts';
import { type failureOf, reporting } from '../../actions/failures.ts';
import { bridge } from '../../client/bridge.ts';
import { compute } from '../../client/compute.ts';
import { Button } from '../../widgets/button.tsx';
import { SelectField, SwitchField } from '../../widgets/fields.tsx';
import { measure, say } from '../lesson-state.ts';
import { PlainSlider, SceneControls } from '../scene-controls.tsx';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneProps } from './scene-props.ts';
import { SearchPlot, searchSentence } from './search-plot.tsx';
import { SearchTable } from './search-table.tsx';

/** What was found since the start: several pages look at the same search. */
const remembered = new Map<string, readonly SearchedPoint[]>();

/** A real search for critical points of a bundled experiment; its points come as they are judged. */
export function SearchScene({ declared, controls }: SceneProps<'search'>) {
  const [finder, setFinder] = useState(declared.finder);
  const [starts, setStarts] = useState(declared.starts);
  const [withOthers, setWithOthers] = useState(declared.showUncertified);
  const memory = `${declared.experiment} ${finder} ${starts} ${declared.from}`;
  const [points, setPoints] = useState<readonly SearchedPoint[]>(() => remembered.get(memory) ?? []);
  const [selected, setSelected] = useState<number | null>(null);
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<ReturnType<typeof failureOf> | null>(null);
  const job = useRef<StartedJob<unknown> | null>(null);
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      job.current?.cancel();
    };
  }, []);
  useEffect(() => measure(measureSearch(points, selected), {}), [points, selected]);
  useEffect(() => {
    say(
      isRunning
        ? `${points.length} of ${starts} searches have ended.`
        : points.length === 0
          ? 'Run starts a real search; its points come as they are judged.'
          : searchSentence(points),
    );
  }, [points, isRunning, starts]);

  const run = async () => {
    setRunning(true);
    setPoints([]);
    setSelected(null);
    setFailure(null);
    const found = await askFor();
    if (left.current) return;
    job.current = null;
    setRunning(false);
    if (found) {
      setPoints(found);
      remembered.set(memory, found);
    }
  };
  const askFor = async (): Promise<readonly SearchedPoint[] | null> => {
    const file = (await reporting(() => bridge.bundledExperiments()))?.find(({ name }) => name === declared.experiment);
    if (!file) {
      const found = `The experiment ${declared.experiment} does not come with the app.`;
      setFailure({ kind: 'badInput', found, advice: 'Name one of the bundled experiments in the lesson.' });
      return null;
    }
    const read = await reporting(() => compute.call('readExperiment', { file: file.reference }).outcome);
    if (read === null || left.current) return null;
    const source = { experiment: { yaml: read.value.yaml, file: file.reference } };
    const parameters = { finder, starts, from: declared.from };
    const started = startJob(
      'saddles',
      { source, parameters, keep: false },
      {
        title: `Critical points of ${declared.experiment.replace(/\.yaml$/, '')}`,
        run: null,
        onPartial: ({ points: more }) => {
          if (!left.current) setPoints((before) => joined(before, more));
        },
      },
    );
    job.current = started;
    return (await started.ended)?.value.points ?? null;
  };

  const shown = useMemo(
    () => (withOthers ? points : points.filter(({ verdict }) => verdict === 'critical')),
    [points, withOthers],
  );
  const has = (name: string) => controls.includes(name);
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts lesson-charts-2">
        <SearchPlot points={shown} selected={selected} />
        <SearchTable points={shown} selected={selected} onSelect={setSelected} />
      </div>
      <SceneControls>
        {has('finder') ? (
          <SelectField
            label="Finder"
            value={finder}
            options={finders.map(({ id, title }) => ({ id: id as string, title }))}
            onChange={setFinder}
          />
        ) : null}
        {has('starts') ? (
          <PlainSlider label="Starts" value={starts} minimum={5} maximum={60} step={5} onChange={setStarts} />
        ) : null}
        {has('uncertified') ? (
          <SwitchField label="Show points that are not critical" value={withOthers} onChange={setWithOthers} />
        ) : null}
        <div className="lesson-run">
          <Button variant="primary" isDisabled={isRunning} onPress={() => void run()}>
            {isRunning ? 'Searching…' : 'Run'}
          </Button>
          {isRunning ? <Button onPress={() => job.current?.cancel()}>Stop</Button> : null}
        </div>
      </SceneControls>
    </>
  );
}

/** By number, each once. */
function joined(before: readonly SearchedPoint[], more: readonly SearchedPoint[]): readonly SearchedPoint[] {
  const all = new Map([...before, ...more].map((point) => [point.number, point]));
  return [...all.values()].sort((a, b) => a.number - b.number);
}
