import { changeView, pointKinds } from '../../state/searches.ts';
import { EmptyState } from '../../widgets/section.tsx';

/** Points have been found, but of kinds that are switched off. */
export function NothingShown({ found }: { readonly found: number }) {
  return (
    <EmptyState
      sentence={
        found === 1
          ? 'The one point that was found is of a kind that is not shown: it is no critical point as far as is known.'
          : `All ${found} points that were found are of kinds that are not shown: none of them is a critical point as far as is known.`
      }
      action={{ title: 'Show all kinds', onPress: () => changeView({ kinds: pointKinds }) }}
    />
  );
}
