/** A saddle: one curve up, one curve down through the same point. */
export function Logo() {
  return (
    <svg className="logo" width="18" height="18" viewBox="0 0 18 18" fill="none" strokeWidth="1.6" aria-hidden="true">
      <path d="M1.5 4.5C4.5 12 13.5 12 16.5 4.5M4.5 16C6 7.5 12 7.5 13.5 16" />
    </svg>
  );
}
