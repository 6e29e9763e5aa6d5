const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of RFC 4648 with padding, without line breaks. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    parts.push(
      digits[word >> 18]!,
      digits[(word >> 12) & 63]!,
      b === undefined ? '=' : digits[(word >> 6) & 63]!,
      c === undefined ? '=' : digits[word & 63]!,
    );
  }
  return parts.join('');
}
