import { type ReactNode, useMemo } from 'react';
import type { ParameterDeclaration } from '../../core/analyses/analysis-descriptor.ts';
import { finders, saddlesDescriptor } from '../../core/analyses/saddles/descriptor.ts';
import type { FinderId } from '../../core/analyses/saddles/finders/finder.ts';
import { openExperimentFile } from '../actions/file-actions.ts';
import { askedByForm, dropSearch, goesOnWith, pauseSearch, startSearch } from '../actions/saddle-actions.ts';
import {
  changeForm,
  chooseStart,
  type SaddleSubject,
  startChoices,
  startOf,
  useSaddleForm,
  useSaddleSubject,
} from '../state/saddle-form.ts';
import {
  changeView,
  type HeldSearch,
  type PointKind,
  pointKinds,
  searchId,
  showSearch,
  useSearches,
  useShownSearch,
} from '../state/searches.ts';
import { useStudiedPoint } from '../state/studied-point.ts';
import { Button } from '../widgets/button.tsx';
import { NumberField, SelectField, SwitchField } from '../widgets/fields.tsx';
import { Icon } from '../widgets/icon.tsx';
import { Numeral } from '../widgets/numbers.tsx';
import { EmptyState, PanelHead, Section } from '../widgets/section.tsx';
import { ParameterField } from './analysis/parameter-field.tsx';
import { Fold } from './experiment/fold.tsx';
import { KindSign } from './saddles/kind-sign.tsx';
import {
  finderTitle,
  fromWords,
  kindCounts,
  kindWords,
  othersSentence,
  searchStateText,
  startWords,
} from './saddles/words.ts';
import './saddles/saddles.css';

/** What is searched, how, how far it is, and what of it is shown. */
export function SaddleSearchPanel() {
  const subject = useSaddleSubject();
  return (
    <section className="saddle-panel" aria-label="Search for critical points">
      <PanelHead title="Search" />
      {subject === null ? (
        <EmptyState
          sentence="Open a run or an experiment: the saddle points and minima of its loss are searched for here."
          action={{ title: 'Open experiment…', onPress: () => void openExperimentFile() }}
        />
      ) : (
        <SubjectPanel subject={subject} />
      )}
    </section>
  );
}

function SubjectPanel({ subject }: { readonly subject: SaddleSubject }) {
  const search = useShownSearch(subject.key);
  const { description } = subject;
  return (
    <div className="saddle-search">
      <section className="section" aria-label="What is searched">
        <h3 className="saddle-search-title">Critical points</h3>
        <p className="saddle-search-subject">
          {description === null ? (
            subject.title
          ) : (
            <>
              {description.architecture}, <Numeral value={description.parameters} /> parameters
              {subject.run === null ? ', not trained' : null}
            </>
          )}
        </p>
        <SearchForm subject={subject} />
      </section>
      <Warnings search={search} />
      {search === null ? null : <Found subject={subject} search={search} />}
      {search === null ? null : <Show search={search} />}
    </div>
  );
}

const declaration = (name: string): ParameterDeclaration => {
  const found = saddlesDescriptor.parameters.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no parameter ${name}.`);
  return found;
};

/** Titles are longer than their field: the whole one stands under the form. */
const finderHelp = (id: FinderId): string => {
  const found = finders.find((one) => one.id === id);
  return found ? `${found.title}: ${found.help}` : '';
};

function SearchForm({ subject }: { readonly subject: SaddleSubject }) {
  const { values, from } = useSaddleForm();
  // Called for its news: a point that is picked can be started from.
  useStudiedPoint(({ point }) => point);
  const choice = startOf(subject, from);
  const finder = values.finder as FinderId;
  const { run, description } = subject;
  const id = searchId(finder, choice === 'checkpoint' || choice === 'picked' ? 'point' : choice);
  const own = useSearches(({ searches }) => searches[subject.key]?.find((one) => one.id === id)) ?? null;
  const isRunning = own?.state === 'running';
  const asked = askedByForm(subject);
  const isContinued = own !== null && goesOnWith(own, asked);
  const canStart = description !== null && asked !== null && run?.state !== 'opening';
  return (
    <>
      <div className="saddle-search-form">
        <SelectField
          label="Finder"
          value={finder}
          options={finders.map((one) => ({ id: one.id, title: one.title, help: one.help }))}
          isDisabled={isRunning}
          onChange={(next) => changeForm('finder', next)}
        />
        <SelectField
          label="Starts"
          value={choice}
          options={startChoices(subject).map((one) => ({ id: one, ...startWords[one] }))}
          isDisabled={isRunning}
          onChange={chooseStart}
        />
        <NumberField
          label="How many"
          value={Number(values.starts)}
          minimum={1}
          maximum={1e5}
          whole
          step={10}
          isDisabled={isRunning}
          onChange={(next) => changeForm('starts', next)}
        />
        <NumberField
          label="Stop at"
          value={Number(values.tolerance)}
          above={0}
          maximum={1}
          unit="‖∇L‖²"
          isDisabled={isRunning}
          onChange={(next) => changeForm('tolerance', next)}
        />
        <SelectField
          label="Certify in"
          value={String(values.certify) as 'float64' | 'same'}
          options={[
            { id: 'float64', title: 'float64', help: 'polished and judged in double precision' },
            {
              id: 'same',
              title: description ? `${description.precision}, as trained` : 'as trained',
              help: 'the precision of the experiment; float32 certifies nothing',
            },
          ]}
          isDisabled={isRunning}
          onChange={(next) => changeForm('certify', next)}
        />
        <Fold title="More">
          {['examples', 'noise', 'scales', 'iterations', 'products', 'polish', 'dense'].map((name) => (
            <ParameterField
              key={name}
              declaration={declaration(name)}
              value={values[name] ?? null}
              isDisabled={isRunning}
              onChange={(next) => changeForm(name, next)}
            />
          ))}
        </Fold>
      </div>
      <p className="saddle-search-help">{finderHelp(finder)}</p>
      <div className="saddle-search-buttons">
        {isRunning ? (
          <Button variant="primary" onPress={() => pauseSearch(subject.key, id)}>
            <Icon name="pause" size={12} /> Pause search
          </Button>
        ) : (
          <Button variant="primary" isDisabled={!canStart} onPress={() => startSearch(subject)}>
            <Icon name="play" size={12} /> {isContinued ? 'Continue search' : 'Start search'}
          </Button>
        )}
        <Button
          isDisabled={!isRunning && !isContinued}
          onPress={() => dropSearch(subject.key, id)}
          tooltip="Stops the search and takes it off the screen"
        >
          Cancel
        </Button>
      </div>
      {run?.state === 'failed' ? <p className="saddle-note">This run could not be opened.</p> : null}
    </>
  );
}

/** What makes the numbers mean less than they seem, plainly. */
function Warnings({ search }: { readonly search: HeldSearch | null }) {
  const warnings = search?.document?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <section className="section saddle-warnings" aria-label="Warnings">
      {warnings.map((warning) => (
        <p key={warning}>
          <Icon name="warn" size={14} />
          <span>{warning}</span>
        </p>
      ))}
    </section>
  );
}

function Found({ subject, search }: { readonly subject: SaddleSubject; readonly search: HeldSearch }) {
  const counts = useMemo(() => kindCounts(search.points), [search.points]);
  const all = useSearches(({ searches }) => searches[subject.key]) ?? [];
  const others = othersSentence(counts);
  return (
    <Section title="Found" aside={searchStateText(search)}>
      {all.length > 1 ? (
        <div className="saddle-search-form saddle-search-which">
          <SelectField
            label="Search"
            value={search.id}
            options={all.map((one) => ({ id: one.id, title: finderTitle(one.finder), help: fromWords[one.from] }))}
            onChange={(id) => showSearch(subject.key, id)}
          />
        </div>
      ) : null}
      <ul className="saddle-found">
        {pointKinds.map((kind) => (
          <FoundRow key={kind} kind={kind} count={counts[kind]} />
        ))}
      </ul>
      {search.state === 'failed' ? (
        <p className="saddle-note">The search ended with a fault, told above the panels. What was found stays.</p>
      ) : null}
      {others === '' ? null : <p className="saddle-note">{others}</p>}
    </Section>
  );
}

function FoundRow({ kind, count }: { readonly kind: PointKind; readonly count: number }) {
  return (
    <li className={count === 0 ? 'saddle-found-none' : ''} title={kindWords[kind].meaning}>
      <KindSign kind={kind} />
      <span>{kindWords[kind].word}</span>
      <Numeral value={count} />
    </li>
  );
}

function Show({ search }: { readonly search: HeldSearch }) {
  const view = useSearches((state) => state.view);
  const copies = search.points.filter(({ sameAs }) => sameAs !== null).length;
  const toggle = (kind: PointKind, on: boolean) =>
    changeView({ kinds: pointKinds.filter((one) => (one === kind ? on : view.kinds.includes(one))) });
  const title = (kind: PointKind): ReactNode => {
    const { word } = kindWords[kind];
    return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  };
  return (
    <Section title="Show">
      <div className="saddle-show">
        {pointKinds.map((kind) => (
          <SwitchField
            key={kind}
            label={String(title(kind))}
            value={view.kinds.includes(kind)}
            onChange={(on) => toggle(kind, on)}
          />
        ))}
        <SwitchField
          label={copies > 0 ? `Copies of the same point (${copies})` : 'Copies of the same point'}
          value={view.copies}
          onChange={(on) => changeView({ copies: on })}
        />
      </div>
    </Section>
  );
}
