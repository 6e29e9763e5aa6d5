import { useSettledRuns } from '../../state/shown-run.ts';
import { type Compared, useCompare } from './compared.ts';
import { whyNoPath } from './paths.ts';

/** Which other runs are drawn on the planes. */
export function PathChoice({ planes }: { readonly planes: readonly Compared[] }) {
  const runs = useSettledRuns();
  const chosen = useCompare(({ paths }) => paths);
  // A path that is a plane's own is drawn there anyway.
  const others = runs.filter(({ id, checkpoints }) => checkpoints.length > 0 && planes.some((one) => one.id !== id));
  if (others.length === 0) return null;
  return (
    <fieldset className="compare-path-choice">
      <legend>Paths of</legend>
      {others.map((run) => {
        const reasons = planes.filter(({ id }) => id !== run.id).map((one) => whyNoPath(one, run));
        const why = reasons.every((reason) => reason !== null) ? reasons[0] : null;
        return (
          <label key={run.id} title={why ?? undefined}>
            <input
              type="checkbox"
              checked={chosen.includes(run.id)}
              disabled={why !== null}
              onChange={({ target }) =>
                useCompare.setState(({ paths }) => ({
                  paths: target.checked ? [...paths, run.id] : paths.filter((id) => id !== run.id),
                }))
              }
            />
            <span className="compare-stroke" style={{ background: `var(--c-${run.colour + 1})` }} />
            <span>{run.title}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
