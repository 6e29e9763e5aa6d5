import { bridge } from '../../client/bridge.ts';
import { closeDialog, useSession } from '../../state/session.ts';
import { Badge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { KeyValues } from '../../widgets/section.tsx';
import './about-dialog.css';

/** What Saddlescope is made of, with the licence of each. */
const parts: readonly (readonly [name: string, licence: string])[] = [
  ['Electron', 'MIT'],
  ['TensorFlow.js', 'Apache 2.0'],
  ['ml-matrix', 'MIT'],
  ['React and React Aria', 'MIT, Apache 2.0'],
  ['zustand, valibot, tinykeys, fflate', 'MIT'],
  ['dockview', 'MIT'],
  ['three.js', 'MIT'],
  ['uPlot', 'MIT'],
  ['Vega and Vega-Lite', 'BSD 3-Clause'],
  ['resvg', 'MPL 2.0'],
  ['yaml', 'ISC'],
  ['DejaVu Sans', 'Bitstream Vera and Arev'],
];

export function AboutDialog() {
  const information = useSession((session) => session.information);
  const compute = useSession((session) => session.compute.state);
  return (
    <DialogFrame
      title="About Saddlescope"
      onClose={closeDialog}
      width={460}
      footer={<Button onPress={() => void bridge.showLog()}>Show log</Button>}
    >
      <p className="about-dialog-lead">The desktop instrument for loss landscapes and training dynamics.</p>
      <KeyValues
        rows={[
          ['Version', information?.version ?? '–'],
          [
            'Runtime',
            <span key="runtime" className="about-dialog-runtime">
              {information?.runtime ?? '–'}
              {information === null ? null : information.runtimeSupported ? (
                <Badge kind="ok">supported</Badge>
              ) : (
                <Badge kind="warn" sign="warn">
                  out of support
                </Badge>
              )}
            </span>,
          ],
          ['Process that computes', compute],
        ]}
      />
      {information?.runtimeSupported === false ? (
        <p className="about-dialog-note">
          This runtime gets no security corrections any more. It is good for evaluation and tests; install the current
          one for other work.
        </p>
      ) : null}
      <h3 className="about-dialog-heading">Licences</h3>
      <p className="about-dialog-note">Saddlescope: MIT. It stands on:</p>
      <KeyValues rows={parts} />
    </DialogFrame>
  );
}
