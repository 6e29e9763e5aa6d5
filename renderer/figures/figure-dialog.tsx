import type { Figure } from '../../core/figures/figure.ts';
import { copyFromFigure, exportFigure } from '../actions/figure-actions.ts';
import { Button } from '../widgets/button.tsx';
import { DialogFrame } from '../widgets/dialog.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import { FigureView } from './figure-view.tsx';
import './figure-dialog.css';

export interface FigureDialogProps {
  readonly figure: Figure;
  readonly onClose: () => void;
}

/** A figure as it will be saved: in the colours of print, with its caption, its command and its references. */
export function FigureDialog({ figure, onClose }: FigureDialogProps) {
  const source = { figure: () => figure };
  return (
    <DialogFrame
      title={figure.title}
      onClose={onClose}
      width={860}
      footer={
        <>
          <MenuButton
            label="More of this figure"
            items={[
              {
                id: 'command',
                title: 'Copy the command that reproduces it',
                onAction: () => void copyFromFigure(source, 'command'),
              },
              {
                id: 'references',
                title: 'Copy references as BibTeX',
                onAction: () => void copyFromFigure(source, 'references'),
              },
              { id: 'numbers', title: 'Copy figure numbers', onAction: () => void copyFromFigure(source, 'numbers') },
            ]}
          />
          <Button onPress={() => void exportFigure(source, 'pdf')}>Save as PDF</Button>
          <Button variant="primary" onPress={() => void exportFigure(source, 'svg')}>
            Save as SVG
          </Button>
        </>
      }
    >
      <FigureView className="figure-dialog-picture" figure={figure} />
      <p className="figure-dialog-caption">{figure.caption}</p>
      <p className="figure-dialog-command">
        <code>npx {figure.command}</code>
      </p>
      {figure.references.length > 0 && (
        <ul className="figure-dialog-references">
          {figure.references.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </DialogFrame>
  );
}
