import { Button, MenuTrigger, Popover } from 'react-aria-components';
import { Icon } from './icon.tsx';
import { type MenuEntry, MenuList } from './menu-items.tsx';
import './button.css';

export interface MenuButtonProps {
  /** What the menu is about; the button shows three dots. */
  readonly label: string;
  readonly items: readonly MenuEntry[];
}

/** The … button of panel heads. */
export function MenuButton({ label, items }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <Button className="button button-quiet button-small icon-button" aria-label={label}>
        <Icon name="more" />
      </Button>
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <MenuList label={label} entries={items} />
      </Popover>
    </MenuTrigger>
  );
}
