import { useEffect, useMemo, useRef, useState } from 'react';
import type { GrantedFile } from '../../core/protocol/bridge.ts';
import { checkEditor, openGranted, saveExperiment, saveExperimentAs } from '../actions/file-actions.ts';
import { useBundledExperiments } from '../app/bundled-experiments.ts';
import { useEditor } from '../state/editor.ts';
import { perform } from '../state/history.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { Badge } from '../widgets/badge.tsx';
import { Button } from '../widgets/button.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import type { MenuEntry } from '../widgets/menu-items.tsx';
import { PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { DescriptionView } from './experiment/description-view.tsx';
import { editExperimentOf, startFromEditor } from './experiment/editor-actions.ts';
import { type Complaint, complaintAbout, examinedText } from './experiment/examined-text.ts';
import { ExperimentForm } from './experiment/experiment-form.tsx';
import { StartList } from './experiment/start-list.tsx';
import { useTextForm } from './experiment/use-text-form.ts';
import { goToLine, YamlText } from './experiment/yaml-text.tsx';
import './editor-panel.css';

const views = [
  { id: 'form', title: 'Form' },
  { id: 'text', title: 'YAML' },
] as const;

const textLabel = 'Experiment as YAML';

/** The experiment as a form and as its text, side by side; the text is the truth. */
export function EditorPanel() {
  const { yaml, saved, file, description, failure, checking } = useEditor();
  const run = useStudiedRun();
  const [view, setView] = useState<'form' | 'text'>('form');
  const bundled = useBundledExperiments();
  const change = (label: string, text: string) => perform(label, { edit: 'experiment', yaml: text });
  const form = useTextForm(yaml, change);
  const examined = useMemo(() => examinedText(yaml), [yaml]);
  const complaint = examined.complaint ?? (failure ? complaintAbout(yaml, failure) : null);
  useEffect(() => {
    if (yaml !== '') checkEditor();
  }, [yaml]);

  // While a change is being checked what was known stays in sight.
  const lastDescription = useRef(description);
  if (description !== null) lastDescription.current = description;
  const goTo = (line: number) => {
    setView('text');
    // The text may have been out of sight: it can take the focus once it is drawn.
    requestAnimationFrame(() => goToLine(textLabel, line));
  };
  const isChanged = yaml !== saved;
  const entries: readonly MenuEntry[] = [
    { id: 'saveAs', title: 'Save as…', onAction: () => void saveExperimentAs() },
    { id: 'revert', title: 'Revert', isDisabled: !isChanged, onAction: () => change('Revert', saved) },
    ...(run
      ? [
          {
            id: 'run',
            title: `Edit that of ${run.title}`,
            section: 'other',
            onAction: () => editExperimentOf(run),
          },
        ]
      : []),
    ...bundled.map((one) => ({
      id: one.reference,
      title: one.name.replace(/\.ya?ml$/, ''),
      section: 'bundled',
      onAction: () => void openGranted(one),
    })),
  ];
  if (yaml === '' && file === null)
    return (
      <section className="editor-panel" aria-label="Experiment editor">
        <PanelHead title="Editor" />
        <div className="editor-panel-empty">
          <p>No experiment is being edited.</p>
          {run ? <Button onPress={() => editExperimentOf(run)}>Edit that of {run.title}</Button> : null}
          <StartList purpose="edit" />
        </div>
      </section>
    );
  return (
    <section className="editor-panel" aria-label="Experiment editor">
      <PanelHead title="Editor">
        <MenuButton label="Editor actions" items={entries} />
      </PanelHead>
      <div className="editor-panel-view">
        <Segmented label="What is shown" value={view} options={views} onChange={setView} />
      </div>
      <div className="editor-panel-columns" data-view={view}>
        <div className="editor-panel-form">
          <ExperimentForm form={form} />
        </div>
        <div className="editor-panel-text">
          <YamlText
            label={textLabel}
            value={yaml}
            onChange={(text) => change('text', text)}
            problemLine={complaint?.line ?? null}
            problem={complaint ? `${complaint.found} ${complaint.advice}` : null}
          />
          <div className="editor-panel-verdict">
            <div role="status">
              <Verdict complaint={complaint} checking={checking} isDescribed={description !== null} onGoTo={goTo} />
            </div>
            <div className="editor-panel-buttons">
              <Button
                variant="primary"
                onPress={() => void startFromEditor()}
                isDisabled={examined.experiment === null}
              >
                Start run
              </Button>
              <Button onPress={() => void saveExperiment()} isDisabled={!isChanged && file !== null}>
                Save
              </Button>
            </div>
            <p className="editor-panel-file">
              {homeText(file)}
              {isChanged ? ', changed since' : ''}
            </p>
            {complaint === null && lastDescription.current ? (
              <DescriptionView description={lastDescription.current} />
            ) : null}
          </div>
        </div>
      </div>
    </section>
  );
}

function homeText(file: GrantedFile | null): string {
  if (file === null) return 'Not saved to a file yet';
  return file.kind === 'run' ? `That of the run ${file.name}` : file.shown;
}

interface VerdictProps {
  readonly complaint: Complaint | null;
  readonly checking: boolean;
  readonly isDescribed: boolean;
  readonly onGoTo: (line: number) => void;
}

function Verdict({ complaint, checking, isDescribed, onGoTo }: VerdictProps) {
  if (complaint === null)
    return isDescribed && !checking ? (
      <p className="editor-panel-said">
        <Badge kind="ok">can be run</Badge>
      </p>
    ) : (
      <p className="editor-panel-said">
        <Badge kind="info">{checking ? 'being checked' : 'read, data and model not checked yet'}</Badge>
      </p>
    );
  const { found, advice, line } = complaint;
  return (
    <div className="editor-panel-said">
      <Badge kind="bad">cannot be run</Badge>
      <p>
        {found} {advice}
      </p>
      {line === null ? null : (
        <Button size="small" onPress={() => onGoTo(line)}>
          Go to line {line}
        </Button>
      )}
    </div>
  );
}
