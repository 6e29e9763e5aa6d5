import type { FigureSource } from '../../figures/figure-source.ts';
import { PrintDialog } from '../../figures/print-dialog.tsx';
import { SliceDataDialog } from '../../figures/slice-data-dialog.tsx';
import { AnalysisDialog } from '../../panels/analysis-dialog.tsx';
import { BranchDialog } from '../../panels/branch-dialog.tsx';
import { EngineDialog } from '../../panels/engine-dialog.tsx';
import { useSession } from '../../state/session.ts';
import { Palette } from '../palette/palette.tsx';
import { AboutDialog } from './about-dialog.tsx';
import { CloseDialog } from './close-dialog.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';

/** The dialog that is open, if one is. */
export function Dialogs() {
  const dialog = useSession((session) => session.dialog);
  switch (dialog?.name) {
    case 'palette':
      return <Palette />;
    case 'keys':
      return <KeysDialog />;
    case 'about':
      return <AboutDialog />;
    case 'settings':
      return <SettingsDialog first={typeof dialog.about === 'string' ? dialog.about : null} />;
    case 'close':
      return <CloseDialog />;
    case 'analysis':
      return <AnalysisDialog />;
    case 'branch':
      return <BranchDialog />;
    case 'engine':
      return <EngineDialog />;
    case 'print':
      return <PrintDialog source={dialog.about as FigureSource} />;
    case 'sliceData':
      return <SliceDataDialog source={dialog.about as FigureSource} />;
    default:
      return null;
  }
}
