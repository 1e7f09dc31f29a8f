/** The characters 128 to 255 of code page 437, by which a name is written that is not in UTF-8 (APPNOTE.TXT, appendix D). */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder();

/**
 * The name of an entry of a zip archive. Programs of macOS and others write UTF-8 without saying so: only what is no UTF-8 is
 * read by code page 437.
 */
export function decodeZipName(bytes: Uint8Array, { isUtf8 }: { isUtf8: boolean }): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    if (isUtf8) return LENIENT.decode(bytes);
    return Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128],
    ).join('');
  }
}
