import { useEffect, useMemo, useState } from 'react';
import { finders } from '../../../core/analyses/saddles/descriptor.ts';
import { measureSearch } from '../../../core/lessons/measured/search.ts';
import { Button } from '../../widgets/button.tsx';
import { SelectField, SwitchField } from '../../widgets/fields.tsx';
import { measure, say } from '../lesson-state.ts';
import { PlainSlider, SceneControls } from '../scene-controls.tsx';
import { noSearch, runSearch, searchKey, stopSearch, useSearches } from '../searches.ts';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneProps } from './scene-props.ts';
import { SearchPlot, searchSentence } from './search-plot.tsx';
import { SearchTable } from './search-table.tsx';

/** A real search for critical points of a bundled experiment; its points come as they are judged. */
export function SearchScene({ declared, controls }: SceneProps<'search'>) {
  const [finder, setFinder] = useState(declared.finder);
  const [starts, setStarts] = useState(declared.starts);
  const [withOthers, setWithOthers] = useState(declared.showUncertified);
  const asked = { experiment: declared.experiment, finder, starts, from: declared.from };
  const key = searchKey(asked);
  const { points, isRunning, failure } = useSearches((all) => all[key] ?? noSearch);
  const [selected, setSelected] = useState<number | null>(null);
  useEffect(() => measure(measureSearch(points, selected), {}), [points, selected]);
  useEffect(() => {
    say(
      isRunning
        ? `${points.length} of ${starts} searches have ended. The others go on, also while you read another page.`
        : points.length === 0
          ? 'Run starts a real search; its points come as they are judged.'
          : searchSentence(points),
    );
  }, [points, isRunning, starts]);
  const run = () => {
    setSelected(null);
    void runSearch(asked);
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
          <Button variant="primary" isDisabled={isRunning} onPress={run}>
            {isRunning ? 'Searching…' : 'Run'}
          </Button>
          {isRunning ? <Button onPress={() => stopSearch(key)}>Stop</Button> : null}
        </div>
      </SceneControls>
    </>
  );
}
