import type { Failure } from '../../../core/protocol/messages.ts';

/** Why there is no picture. */
export function SceneFailure({ failure: { found, advice } }: { readonly failure: Failure }) {
  return (
    <p className="lesson-scene-failure" role="alert">
      {found} {advice}
    </p>
  );
}
