import { expectMethods } from '@convlens/core';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that neither XML nor HTML may contain. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** `text` escaped for an attribute or the content of an element, in XML and in HTML. */
export const escapeText = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"]/g, (character) => ESCAPES[character]);

/**
 * A figure as the text of an SVG file. The serializers of browsers and of happy-dom differ; this one gives
 * the same bytes everywhere.
 */
export function serialize(node: Element): string {
  expectMethods('element', node, 'an element', ['setAttribute']);
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${escapeText(value)}"`);
  const content = [...node.childNodes].map((child) =>
    child.nodeType === 1 ? serialize(child as Element) : escapeText(child.textContent ?? ''),
  );
  const name = node.localName;
  const head = `<${name}${attributes.join('')}`;
  return content.length ? `${head}>${content.join('')}</${name}>` : `${head}/>`;
}
