import { useState } from 'react';
import { freeSeeds, runMoreSeeds } from '../../actions/seed-runs.ts';
import type { Run } from '../../state/runs.ts';
import { Button } from '../../widgets/button.tsx';
import { NumberField } from '../../widgets/fields.tsx';

/** How many further seeds of an experiment, and which they will be. */
export function MoreSeeds({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const [count, setCount] = useState(2);
  return (
    <section className="more-seeds" aria-label={`More seeds of ${run.title}`}>
      <NumberField label="Further seeds" value={count} minimum={1} maximum={20} step={1} whole onChange={setCount} />
      <p>
        {run.title} is trained with the seeds {freeSeeds(run.group, count).join(', ')}, one run after the other.
      </p>
      <div className="more-seeds-buttons">
        <Button
          size="small"
          variant="primary"
          onPress={() => {
            void runMoreSeeds(run, count);
            onClose();
          }}
        >
          Start
        </Button>
        <Button size="small" onPress={onClose}>
          Cancel
        </Button>
      </div>
    </section>
  );
}
