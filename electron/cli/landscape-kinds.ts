import { landscapeKinds as dataKinds, type LandscapeKind } from '../compute/documents/landscape-kinds.ts';

export type { LandscapeKind, WantedForm } from '../compute/documents/landscape-kinds.ts';

const picture = (kind: 'svg' | 'png'): LandscapeKind => ({
  heights: true,
  async write(file, wanted) {
    const { landscapePicture } = await import('./landscape-picture.ts');
    return { content: await landscapePicture(file, wanted, kind), announcements: [] };
  },
});

/** What a landscape can be written as, by the ending of the file: its data, and pictures of it. */
export const landscapeKinds: Readonly<Record<string, LandscapeKind>> = {
  ...dataKinds,
  '.svg': picture('svg'),
  '.png': picture('png'),
};
