import type { EigenvectorImages } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { largest } from '../../../core/figures/largest.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { Section } from '../../widgets/section.tsx';
import type { EigenvaluePlace } from '../inspector/eigenvalue-table.tsx';
import { type BlockColour, sharesOf } from './block-colours.ts';
import { EigenvectorImage } from './eigenvector-image.tsx';
import './eigenvector-section.css';

export interface EigenvectorSectionProps {
  readonly document: SpectrumDocument;
  readonly place: EigenvaluePlace;
  readonly colours: readonly BlockColour[];
}

/** Where in the network one eigenvector lives: its share in each block, and its first layer as images. */
export function EigenvectorSection({ document, place, colours }: EigenvectorSectionProps) {
  const { end, index } = place;
  const pair = {
    top: document.eigenvalues,
    bottom: document.bottom,
    magnitude: document.magnitude,
    nearZero: document.nearZero ?? [],
  }[end][index];
  if (pair === undefined) return null;
  const subscript = `${end === 'bottom' ? '−' : end === 'magnitude' ? '±' : ''}${index + 1}`;
  const images = end === 'top' ? document.images : null;
  const vector = images?.vectors[index];
  return (
    <Section
      title={
        <>
          Eigenvector of <i>λ</i>
          <sub>{subscript}</sub>
        </>
      }
      aside={`λ = ${numberText(pair.value, 5)}`}
    >
      {pair.mass ? (
        <BlockShares mass={pair.mass} colours={colours} />
      ) : (
        <p className="spectrum-panel-quiet">Its vector was not kept: compute the spectrum with eigenvectors.</p>
      )}
      {images && vector ? <FirstLayer images={images} vector={vector} /> : null}
    </Section>
  );
}

function BlockShares({
  mass,
  colours,
}: {
  readonly mass: readonly number[];
  readonly colours: readonly BlockColour[];
}) {
  const shares = sharesOf(mass, colours);
  return (
    <table className="block-shares">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Block</th>
          <th scope="col">Bar</th>
          <th scope="col">Share of ‖v‖²</th>
        </tr>
      </thead>
      <tbody>
        {colours.map(({ name, colour }, i) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="block-shares-bar">
              <span style={{ width: `${100 * (shares[i] ?? 0)}%`, background: colour }} />
            </td>
            <td className="numeral">{percentText(shares[i] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface FirstLayerProps {
  readonly images: EigenvectorImages;
  readonly vector: EigenvectorImages['vectors'][number];
}

function FirstLayer({ images: { block, shape }, vector: { overall, units } }: FirstLayerProps) {
  const sizeReach = largest(overall, 0);
  const unitReach = largest(
    units.flatMap(({ image }) => Array.from(image, Math.abs)),
    0,
  );
  return (
    <>
      <p className="eigenvector-caption">
        First layer, <code>{block}</code>, as its inputs see it
      </p>
      <div className="eigenvector-images">
        <figure>
          <EigenvectorImage
            image={overall}
            shape={shape}
            kind="size"
            reach={sizeReach}
            label={`Root mean square over all units: ${imageSentence(overall, shape)}`}
          />
          <figcaption>all units</figcaption>
        </figure>
        {units.map(({ unit, share, image }) => (
          <figure key={unit}>
            <EigenvectorImage
              image={image}
              shape={shape}
              kind="signed"
              reach={unitReach}
              label={`Unit ${unit}, ${percentText(share)} of the vector: ${imageSentence(image, shape)}`}
            />
            <figcaption>
              unit {unit}, <span className="numeral">{percentText(share)}</span>
            </figcaption>
          </figure>
        ))}
      </div>
      <p className="eigenvector-scale">
        <span className="eigenvector-scale-bar" aria-hidden="true" />
        Units: −{numberText(unitReach, 2)} … 0 … {numberText(unitReach, 2)}. All units: root mean square, 0 …{' '}
        {numberText(sizeReach, 2)}.
      </p>
    </>
  );
}

/** Where an image is strongest, for those who do not see it. */
export function imageSentence(
  image: ArrayLike<number>,
  [, width, channels]: readonly [number, number, number],
): string {
  let at = 0;
  for (let i = 1; i < image.length; i++) if (Math.abs(image[i]!) > Math.abs(image[at]!)) at = i;
  const pixel = Math.floor(at / channels);
  return `strongest in row ${Math.floor(pixel / width) + 1}, column ${(pixel % width) + 1}, with ${numberText(image[at] ?? Number.NaN, 2)}`;
}
