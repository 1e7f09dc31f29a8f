const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML and HTML cannot hold at all, whatever a file or a class is called. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** `text` as it may stand in an attribute or between tags, of XML and of HTML. */
export const escapeText = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"]/g, (character) => ESCAPES[character]);

/**
 * A figure as text. Not the serializer of the DOM at hand: those of browsers and of happy-dom differ, and this one gives
 * the same bytes everywhere.
 */
export function serialize(node: Element): string {
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${escapeText(value)}"`);
  const content = [...node.childNodes].map((child) => {
    if (child.nodeType === 1) return serialize(child as Element);
    return escapeText(child.textContent ?? '');
  });
  const name = node.localName;
  const head = `<${name}${attributes.join('')}`;
  return content.length ? `${head}>${content.join('')}</${name}>` : `${head}/>`;
}
