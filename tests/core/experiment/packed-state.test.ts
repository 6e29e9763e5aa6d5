import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packState, unpackState } from '../../../core/experiment/packed-state.ts';
import { readSafetensors, writeSafetensors } from '../../../core/formats/safetensors.ts';

const leaf = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.float64Array(), fc.float32Array());
const state = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => !key.startsWith('$') && key !== '__proto__'),
  fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), leaf)),
);

test('a state comes back from its file bit for bit', () => {
  fc.assert(
    fc.property(state, (given) => {
      const packed = packState(given);
      const file = readSafetensors(writeSafetensors(packed.vectors, new Map([['state', packed.text]])));
      const back = unpackState({ vectors: file.tensors, text: file.metadata.get('state') ?? '' });
      expect(back).toEqual({ ...given });
    }),
    { numRuns: 300 },
  );
});
