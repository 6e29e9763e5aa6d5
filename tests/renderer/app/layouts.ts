import fc from 'fast-check';
import { type Layout, type PanelId, panelIds } from '../../../renderer/app/dock/layout.ts';

type Tree = { readonly leaf: true } | { readonly children: readonly (readonly [number, Tree])[] };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant<Tree>({ leaf: true }),
    fc.record({
      children: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), tie('tree')), { minLength: 2, maxLength: 4 }),
    }),
  ),
}));

/** Hands out the panels to the leaves of a tree, one to the first ones, two to the last; leaves without one are gone. */
function filled(node: Tree, split: 'row' | 'column', left: PanelId[]): Layout | null {
  if ('leaf' in node) {
    const first = left.shift();
    if (first === undefined) return null;
    const second = left.length > 4 ? left.shift() : undefined;
    return { panels: second === undefined ? [first] : [first, second], shown: second ?? first };
  }
  const parts = node.children.flatMap(([weight, child]) => {
    const part = filled(child, split === 'row' ? 'column' : 'row', left);
    return part === null ? [] : [{ weight, part }];
  });
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  const [only] = parts;
  if (only === undefined) return null;
  return parts.length === 1
    ? only.part
    : { split, parts: parts.map(({ weight, part }) => ({ share: weight / whole, part })) };
}

/** Any layout of some of the panels. */
export const anyLayout: fc.Arbitrary<Layout> = fc
  .tuple(tree, fc.shuffledSubarray([...panelIds], { minLength: 2 }), fc.constantFrom('row' as const, 'column' as const))
  .map(([node, panels, split]) => filled(node, split, [...panels]) as Layout);
