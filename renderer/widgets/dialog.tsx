import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';
import './dialog.css';

export interface DialogFrameProps {
  readonly title: string;
  /** By Escape, by the cross, by a press outside. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the one that does it last. */
  readonly footer?: ReactNode;
  readonly width?: number | undefined;
  /** For questions that want an answer: a press outside does not close. */
  readonly isQuestion?: boolean | undefined;
}

/** A dialog over the window: focus stays in it, and goes back to where it was. */
export function DialogFrame({ title, onClose, children, footer, width = 520, isQuestion }: DialogFrameProps) {
  return (
    <ModalOverlay
      className="dialog-veil"
      isOpen
      isDismissable={!isQuestion}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="dialog-modal" style={{ width }}>
        <Dialog className="dialog" role={isQuestion ? 'alertdialog' : 'dialog'}>
          <header className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            <IconButton icon="close" label="Close" size="small" onPress={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
          {footer === undefined ? null : <footer className="dialog-footer">{footer}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
