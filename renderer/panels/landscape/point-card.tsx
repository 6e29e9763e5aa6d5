import type { ReactNode } from 'react';
import { numberText } from '../../../core/figures/number-text.ts';
import { goToPoint } from '../../actions/point-actions.ts';
import { placeText } from '../../actions/slice-job.ts';
import { stepText } from '../../scene/step-text.ts';
import type { PlaneKind, ShownLandscape } from '../../state/results.ts';
import { openDialog } from '../../state/session.ts';
import { pickCell } from '../../state/studied-point.ts';
import { setCursor } from '../../state/time.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { coordinatesOfCell, distanceFromOrigin, nearestStep } from './cells.ts';
import { whyNoRun } from './file-text.ts';
import { capital, certificateAt, quantityTitle } from './quantities.ts';

export interface PointCardProps {
  readonly run: string;
  readonly plane: PlaneKind;
  readonly shown: ShownLandscape;
  readonly index: number;
}

/** A cell of the slice: where it is, every quantity with its certificate, and what can be done there. */
export function PointCard({ run, plane, shown, index }: PointCardProps) {
  const { slice } = shown;
  const coordinates = coordinatesOfCell(slice, index);
  const nearest = nearestStep(shown, coordinates);
  const planeId = 'planeId' in slice ? slice.planeId : null;
  const why = shown.file ? whyNoRun : planeId === null ? 'Only once the slice is whole' : undefined;
  const distance = distanceFromOrigin(slice, coordinates);
  return (
    <section className="landscape-point" aria-label="Picked cell">
      <header>
        <h3 className="landscape-numeral">{placeText(coordinates)}</h3>
        <IconButton icon="close" label="Close" size="small" onPress={() => pickCell(null)} />
      </header>
      <dl>
        {slice.fields.map((field) => (
          <Row key={field.quantity} name={capital(quantityTitle(field.quantity))}>
            {field.computed[index] === 1 ? numberText(field.values[index]!, 5) : 'not computed'}
            {field.computed[index] === 1 ? <small> {certificateAt(field, index) ?? ''}</small> : null}
          </Row>
        ))}
        <Row name="‖θ − θ₀‖">
          {Number.isFinite(distance) ? numberText(distance, 4) : 'not known'} <small>from the centre</small>
        </Row>
        {nearest === null ? null : (
          <Row name="Nearest">
            <button type="button" className="landscape-link" onClick={() => setCursor(nearest.step)}>
              step {stepText(nearest.step)}
            </button>{' '}
            <small>its shadow {numberText(nearest.distance, 3)} away</small>
          </Row>
        )}
      </dl>
      <footer>
        <Button
          size="small"
          variant="primary"
          isDisabled={planeId === null}
          tooltip={why ?? 'Loss, gradient and curvature of this very point, in the inspector'}
          onPress={() => planeId !== null && void goToPoint({ run, plane, planeId, coordinates })}
        >
          Go there
        </Button>
        <Button
          size="small"
          isDisabled={planeId === null}
          tooltip={why ?? 'A new slice with this point at its centre'}
          onPress={() =>
            openDialog('analysis', {
              id: 'slice',
              parameters: { plane: 'random' },
              centre: { planeId, coordinates },
            })
          }
        >
          Slice from here…
        </Button>
      </footer>
    </section>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="landscape-numeral">{children}</dd>
    </>
  );
}
