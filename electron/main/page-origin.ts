/** The page's own scheme. It has no network behind it: what it names are the files of dist/page, and nothing else. */
export const pageScheme = 'app';
export const pageHost = 'saddlescope';
export const pageOrigin = `${pageScheme}://${pageHost}`;

/** Origins are compared after parsing: a prefix would also match app://saddlescope.example. */
export function isOurPage(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url);
    return protocol === `${pageScheme}:` && host === pageHost && username === '' && password === '';
  } catch {
    return false;
  }
}

export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a browser's page might ask for; some of it Chromium gives without asking anybody. */
const deniedFeatures = [
  'bluetooth',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'fullscreen',
  'geolocation',
  'hid',
  'idle-detection',
  'local-fonts',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
];

export const pageHeaders = (contentType: string): Record<string, string> => ({
  'content-type': contentType,
  'content-security-policy': contentPolicy,
  'permissions-policy': deniedFeatures.map((name) => `${name}=()`).join(', '),
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
});
