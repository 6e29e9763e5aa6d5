import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { type PeerNetwork, peerNetwork, peersFolder } from '../../../support/peers.ts';

/** What the independent program (JAX, float64) found of the trained 64-16-10 network on 1,000 digits. */
export interface SmallPeerTruth {
  readonly loss: number;
  readonly grad_norm: number;
  readonly trace: number;
  /** Largest first; most negative first. */
  readonly top: readonly number[];
  readonly bottom: readonly number[];
}

export function smallPeer(): { peer: PeerNetwork; model: LayersModel; truth: SmallPeerTruth } {
  const layers = [
    { type: 'dense', options: { units: 16, activation: 'tanh' } },
    { type: 'dense', options: { units: 10 } },
  ];
  return {
    peer: peerNetwork(peersFolder, [64, 16, 10], 'digits-8x8-1000.npz', 'mlp-64-16-10.safetensors'),
    model: modelFromSpecification({ layers }, [64], randomFromSeed(1)),
    truth: JSON.parse(readFileSync(join(peersFolder, 'truth.json'), 'utf8'))['mlp-64-16-10 on digits-8x8-1000'],
  };
}
