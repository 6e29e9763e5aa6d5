import type { ReactNode } from 'react';
import { Button } from '../widgets/button.tsx';
import { SliderField } from '../widgets/fields.tsx';
import { Icon } from '../widgets/icon.tsx';
import { numeralText } from '../widgets/numeral-text.ts';

/** Under the picture: what the learner may change. */
export function SceneControls({ children }: { readonly children: ReactNode }) {
  return (
    <section className="lesson-controls" aria-label="Controls of the scene">
      {children}
    </section>
  );
}

export interface LogSliderProps {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly onChange: (value: number) => void;
}

/** Arrow keys go a tenth of a decade. */
const stepOfDecade = 0.1;

/** A positive number over several decades. */
export function LogSlider({ label, value, minimum, maximum, onChange }: LogSliderProps) {
  const power = (at: number) => Number(Math.log10(at).toFixed(6));
  const numberAt = (at: number) => Number((10 ** at).toPrecision(3));
  return (
    <SliderField
      label={label}
      value={power(value)}
      minimum={power(minimum)}
      maximum={power(maximum)}
      step={stepOfDecade}
      format={(at) => numeralText(numberAt(at), 2)}
      onChange={(at) => {
        if (Math.abs(at - power(value)) > 1e-9) onChange(numberAt(at));
      }}
    />
  );
}

export interface PlainSliderProps extends LogSliderProps {
  readonly step: number;
  readonly format?: ((value: number) => string) | undefined;
}

export function PlainSlider({ format = (at) => numeralText(at), ...props }: PlainSliderProps) {
  return <SliderField {...props} format={format} />;
}

export interface RunButtonsProps {
  readonly isRunning: boolean;
  readonly onRun: () => void;
  readonly onPause: () => void;
  readonly onStep?: (() => void) | undefined;
  /** How far a step goes, where it is not one step. */
  readonly stepTitle?: string | undefined;
  readonly onReset: () => void;
  readonly isDisabled?: boolean | undefined;
}

export function RunButtons({
  isRunning,
  onRun,
  onPause,
  onStep,
  stepTitle = 'Step',
  onReset,
  isDisabled,
}: RunButtonsProps) {
  return (
    <div className="lesson-run">
      {isRunning ? (
        <Button variant="primary" onPress={onPause}>
          <Icon name="pause" size={12} /> Pause
        </Button>
      ) : (
        <Button variant="primary" onPress={onRun} isDisabled={isDisabled}>
          <Icon name="play" size={12} /> Run
        </Button>
      )}
      {onStep ? (
        <Button onPress={onStep} isDisabled={isDisabled || isRunning}>
          <Icon name="step" size={12} /> {stepTitle}
        </Button>
      ) : null}
      <Button onPress={onReset}>Reset</Button>
    </div>
  );
}
