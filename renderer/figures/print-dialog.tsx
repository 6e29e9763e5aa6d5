import { useEffect, useState } from 'react';
import type { Figure } from '../../core/figures/figure.ts';
import {
  largestPt,
  narrowestMm,
  pixelWidth,
  printPresets,
  smallestPt,
  widestMm,
} from '../../core/figures/journal-sizes.ts';
import type { FigurePrint } from '../../core/protocol/methods.ts';
import { report } from '../actions/failures.ts';
import { nothingToDraw } from '../actions/figure-actions.ts';
import { type PrintFormat, printed, savePrinted } from '../actions/print-actions.ts';
import { closeDialog, reportProblem } from '../state/session.ts';
import { Button } from '../widgets/button.tsx';
import { DialogFrame } from '../widgets/dialog.tsx';
import { NumberField, SelectField, SwitchField } from '../widgets/fields.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import type { FigureSource } from './figure-source.ts';
import './print-dialog.css';

interface Wish {
  readonly print: FigurePrint;
  readonly format: PrintFormat;
  readonly dotsPerInch: 300 | 600;
}

const own = 'own';
const widths = [...printPresets.map(({ id, name }) => ({ id, title: name })), { id: own, title: 'Another width' }];
const formats = [
  { id: 'pdf', title: 'PDF' },
  { id: 'svg', title: 'SVG' },
  { id: 'png', title: 'PNG' },
] as const;
const backgrounds = [
  { id: 'white', title: 'White' },
  { id: 'transparent', title: 'Transparent' },
] as const;
const resolutions = [
  { id: '300', title: '300 dpi' },
  { id: '600', title: '600 dpi' },
] as const;

const sizeOf = (id: string): Omit<FigurePrint, 'background'> => {
  const { widthMm, heightMm, textPt, titled } = printPresets.find((preset) => preset.id === id) ?? printPresets[0]!;
  return { widthMm, heightMm, textPt, titled };
};

/** What was chosen last: the figures of one paper are alike. */
let last: Wish & { readonly width: string } = {
  width: 'single',
  print: { ...sizeOf('single'), background: 'white' },
  format: 'pdf',
  dotsPerInch: 300,
};

interface Preview {
  /** Must be given back with URL.revokeObjectURL. */
  readonly address: string;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** Drawing at every key that is pressed would only be thrown away. */
const settleMs = 150;

function usePreview(figure: Figure | null, print: FigurePrint): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    if (figure === null) return;
    let wanted = true;
    const timer = setTimeout(() => {
      printed(figure, print).then(({ bytes, widthMm, heightMm }) => {
        if (!wanted) return;
        const address = URL.createObjectURL(new Blob([bytes.slice()], { type: 'image/svg+xml' }));
        setPreview({ address, widthMm, heightMm });
      }, report);
    }, settleMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [figure, print]);
  useEffect(() => () => (preview === null ? undefined : URL.revokeObjectURL(preview.address)), [preview]);
  return preview;
}

/** The figure of this moment; where there is none, the dialog says so and goes away. */
function useFigure(source: FigureSource): Figure | null {
  const [figure, setFigure] = useState<Figure | null>(null);
  useEffect(() => {
    let wanted = true;
    const failed = (tell: () => void) => {
      if (!wanted) return;
      closeDialog();
      tell();
    };
    Promise.resolve(source.figure()).then(
      (found) => {
        if (found === null) failed(() => reportProblem(nothingToDraw));
        else if (wanted) setFigure(found);
      },
      (problem: unknown) => failed(() => report(problem)),
    );
    return () => {
      wanted = false;
    };
  }, [source]);
  return figure;
}

const millimetres = (length: number): string => String(Number(length.toFixed(1)));

/** `85 × 62 mm, 8 pt text`; of a PNG its pixels as well. */
function sizeText({ widthMm, heightMm }: Preview, { print: { textPt }, format, dotsPerInch }: Wish): string {
  const size = `${millimetres(widthMm)} × ${millimetres(heightMm)} mm, ${textPt} pt text`;
  if (format !== 'png') return size;
  const width = pixelWidth(widthMm, dotsPerInch);
  return `${size}, ${width} × ${Math.round((width * heightMm) / widthMm)} pixels`;
}

/** Asks how a figure is to be on paper, and shows it so. */
export function PrintDialog({ source }: { readonly source: FigureSource }) {
  const [wish, setWish] = useState(last);
  const figure = useFigure(source);
  const { print, format, dotsPerInch, width } = wish;
  const preview = usePreview(figure, print);
  const change = (some: Partial<typeof wish>) => {
    last = { ...wish, ...some };
    setWish(last);
  };
  const changePrint = (some: Partial<FigurePrint>) => change({ print: { ...print, ...some } });
  const save = () => {
    closeDialog();
    if (figure) void savePrinted(figure, print, format, dotsPerInch);
  };
  return (
    <DialogFrame
      title="Save for print"
      onClose={closeDialog}
      width={720}
      footer={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button variant="primary" isDisabled={figure === null} onPress={save}>
            Save {format.toUpperCase()}…
          </Button>
        </>
      }
    >
      <div className="print-dialog">
        <div className="print-dialog-choices">
          <SelectField
            label="Width"
            value={width}
            options={widths}
            onChange={(id) =>
              change({ width: id, print: id === own ? { ...print, heightMm: null } : { ...print, ...sizeOf(id) } })
            }
          />
          {width === own ? (
            <NumberField
              label="Millimetres"
              value={print.widthMm}
              minimum={narrowestMm}
              maximum={widestMm}
              step={1}
              unit="mm"
              onChange={(widthMm) => changePrint({ widthMm })}
            />
          ) : null}
          <NumberField
            label="Text"
            value={print.textPt}
            minimum={smallestPt}
            maximum={largestPt}
            step={1}
            unit="pt"
            onChange={(textPt) => changePrint({ textPt })}
          />
          <SwitchField label="With its title" value={print.titled} onChange={(titled) => changePrint({ titled })} />
          <Segmented
            label="Background"
            value={print.background}
            options={backgrounds}
            onChange={(background) => changePrint({ background })}
          />
          <Segmented label="Form" value={format} options={formats} onChange={(id) => change({ format: id })} />
          {format === 'png' ? (
            <Segmented
              label="Resolution"
              value={String(dotsPerInch) as '300' | '600'}
              options={resolutions}
              onChange={(id) => change({ dotsPerInch: id === '600' ? 600 : 300 })}
            />
          ) : null}
        </div>
        <figure className="print-dialog-preview">
          <div className={`print-dialog-paper print-dialog-${print.background}`}>
            {preview === null || figure === null ? null : <img src={preview.address} alt={figure.alternative} />}
          </div>
          <figcaption className="numeral">{preview === null ? 'Being drawn…' : sizeText(preview, wish)}</figcaption>
        </figure>
      </div>
    </DialogFrame>
  );
}
