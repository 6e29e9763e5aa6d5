import type { ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import { Icon, type IconName } from './icon.tsx';
import './button.css';

export interface ButtonProps {
  /** `primary` at most once in a panel: what one came for. `quiet` has no border until it is pointed at. */
  readonly variant?: 'primary' | 'plain' | 'quiet';
  readonly size?: 'small' | 'normal';
  readonly onPress: () => void;
  readonly isDisabled?: boolean | undefined;
  /** For buttons that stay down; leave it out for others. */
  readonly isPressed?: boolean | undefined;
  readonly children: ReactNode;
  readonly 'aria-label'?: string | undefined;
  /** Shown after a moment of pointing, and on focus. */
  readonly tooltip?: string | undefined;
  readonly className?: string | undefined;
  readonly autoFocus?: boolean | undefined;
}

export function Button({
  variant = 'plain',
  size = 'normal',
  onPress,
  isDisabled,
  isPressed,
  children,
  tooltip,
  className,
  autoFocus,
  'aria-label': name,
}: ButtonProps) {
  const button = (
    <AriaButton
      className={`button button-${variant}${size === 'small' ? ' button-small' : ''}${className ? ` ${className}` : ''}`}
      onPress={onPress}
      isDisabled={isDisabled ?? false}
      autoFocus={autoFocus ?? false}
      {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
      {...(name === undefined ? {} : { 'aria-label': name })}
    >
      {children}
    </AriaButton>
  );
  return tooltip ? <WithTooltip text={tooltip}>{button}</WithTooltip> : button;
}

/** The child must be a React Aria button or link. */
function WithTooltip({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <TooltipTrigger delay={600} closeDelay={100}>
      {children}
      <Tooltip className="tooltip" offset={6}>
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label' | 'tooltip'> {
  readonly icon: IconName;
  /** Its name, and its tooltip. */
  readonly label: string;
}

/** A square button that shows a sign only. */
export function IconButton({ icon, label, variant = 'quiet', className, ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      variant={variant}
      aria-label={label}
      tooltip={label}
      className={`icon-button${className ? ` ${className}` : ''}`}
    >
      <Icon name={icon} />
    </Button>
  );
}
