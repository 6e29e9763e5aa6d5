import { BadInput } from '../../core/bad-input.ts';
import type { SliceDocument } from './slice-document.ts';
export async function slicePicture(_document: SliceDocument, _kind: 'svg' | 'png'): Promise<Uint8Array | string> {
  throw new BadInput('pictures', 'come next');
}
