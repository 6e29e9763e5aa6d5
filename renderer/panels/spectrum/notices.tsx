import type { Notice } from '../../../core/analyses/spectrum/spectrum.ts';
import { Icon } from '../../widgets/icon.tsx';
import './notices.css';

/** What was found in the model that the numbers below must be read with. */
export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  if (notices.length === 0) return null;
  return (
    <ul className="notices" aria-label="To be read with these numbers">
      {notices.map(({ code, found, instead }) => (
        <li key={`${code} ${found}`}>
          <Icon name="info" size={14} />
          <p>
            {found} <span>{instead}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
