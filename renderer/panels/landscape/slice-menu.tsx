import { Button, MenuTrigger, Popover } from 'react-aria-components';
import { askedFor } from '../../actions/slice-job.ts';
import { changeSettings } from '../../state/history.ts';
import { automaticPlanes, isAutomatic, type PlaneKind, shapeOfPlane } from '../../state/plane-kind.ts';
import { useResults } from '../../state/results.ts';
import { openDialog } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { sliceTitle } from '../../state/slice-title.ts';
import { Icon } from '../../widgets/icon.tsx';
import { type MenuEntry, MenuList } from '../../widgets/menu-items.tsx';

const none: Readonly<Record<PlaneKind, never>> = {};

export function chooseSlice(plane: PlaneKind): void {
  const { landscape } = useSettings.getState();
  if (landscape.plane !== plane) changeSettings('slice that is shown', { landscape: { ...landscape, plane } });
}

/** `51 × 51 points through step 3000`, for a menu. */
function helpOf(slice: { readonly axes: readonly ArrayLike<number>[]; readonly step: number | null }): string {
  const points = slice.axes.map(({ length }) => length).join(' × ');
  return slice.step === null ? `${points} points` : `${points} points, step ${slice.step}`;
}

/** Which slice is shown: the automatic planes, and whatever else there is of the run. */
export function SliceMenu({ run, plane }: { readonly run: string | null; readonly plane: PlaneKind }) {
  const known = useResults(({ landscapes }) => (run === null ? none : (landscapes[run] ?? none)));
  const others = Object.keys(known)
    .filter((name) => !isAutomatic(name))
    .sort();
  // One that is asked for, and of which there is nothing yet.
  if (!isAutomatic(plane) && !others.includes(plane)) others.push(plane);
  const order = { line: 2, plane: 1, volume: 3 } as const;
  const entry = (name: PlaneKind, section: number): MenuEntry => ({
    id: name,
    title: sliceTitle(name),
    section,
    isChecked: name === plane,
    help: known[name]
      ? helpOf(known[name].slice)
      : isAutomatic(name)
        ? 'computed when it is chosen'
        : 'not computed yet',
    onAction: () => chooseSlice(name),
  });
  const items: MenuEntry[] = [
    ...automaticPlanes.map((name) => entry(name, 0)),
    ...others
      .sort((a, b) => order[shapeOfPlane(a)] - order[shapeOfPlane(b)])
      .map((name) => entry(name, order[shapeOfPlane(name)])),
    { id: 'new', title: 'New slice…', section: 9, onAction: () => openDialog('analysis', { id: 'slice' }) },
    {
      id: 'again',
      title: 'This slice with other settings…',
      section: 9,
      onAction: () => {
        const asked = run === null ? null : askedFor(run, plane);
        const parameters = asked?.parameters ?? { plane };
        openDialog('analysis', { id: 'slice', parameters, ...(asked?.centre ? { centre: asked.centre } : {}) });
      },
      isDisabled: run === null || (!isAutomatic(plane) && askedFor(run, plane) === null),
    },
  ];
  return (
    <MenuTrigger>
      <Button className="button button-plain button-small slice-menu" aria-label={`Slice: ${sliceTitle(plane)}`}>
        <span>{sliceTitle(plane)}</span>
        <Icon name="chevron-down" size={12} />
      </Button>
      <Popover className="menu-popover" placement="bottom start" offset={4}>
        <MenuList label="Slice" entries={items} />
      </Popover>
    </MenuTrigger>
  );
}
