import { bridge } from '../../client/bridge.ts';
import type { Run } from '../../state/runs.ts';
import { announce, openDialog } from '../../state/session.ts';
import { Button } from '../../widgets/button.tsx';
import { Section } from '../../widgets/section.tsx';
import { provenanceRows, shortHashes } from './provenance.ts';
import { useProvenance } from './use-provenance.ts';

/** Versions, data, seed, command, folder: how the run that is studied was made. */
export function ProvenanceSection({ run }: { readonly run: Run }) {
  const rows = provenanceRows(run, useProvenance(run));
  const copy = () => {
    void bridge.copyText(rows.map((row) => row.join('\t')).join('\n'));
    announce('Copied how the run was made.');
  };
  return (
    <Section
      title="How the run was made"
      aside={
        <Button size="small" variant="quiet" onPress={copy}>
          Copy
        </Button>
      }
    >
      <dl className="inspector-provenance">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{shortHashes(value)}</dd>
          </div>
        ))}
      </dl>
      <Button size="small" variant="quiet" onPress={() => void bridge.revealFile(run.file.reference)}>
        Show the folder
      </Button>
      <Button size="small" variant="quiet" onPress={() => openDialog('engine')}>
        Engines of this machine…
      </Button>
    </Section>
  );
}
