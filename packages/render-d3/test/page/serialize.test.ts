import { expect, it } from 'vitest';
import { serialize } from '../../src/index.js';
import { document } from '../support/dom.js';

const SVG = 'http://www.w3.org/2000/svg';

it('escapes & < > and quotes in attributes and in text', () => {
  const text = document.createElementNS(SVG, 'text');
  text.setAttribute('data-name', `"a" & <b> 'c'`);
  text.textContent = `"a" & <b> 'c'`;
  const escaped = `&quot;a&quot; &amp; &lt;b&gt; 'c'`;
  expect(serialize(text)).toBe(`<text data-name="${escaped}">${escaped}</text>`);
});

it('keeps the order of attributes and children, and closes empty elements', () => {
  const group = document.createElementNS(SVG, 'g');
  group.setAttribute('z', '1');
  group.setAttribute('a', '2');
  group.append(document.createElementNS(SVG, 'rect'), 'x', document.createElementNS(SVG, 'feFuncR'));
  expect(serialize(group)).toBe('<g z="1" a="2"><rect/>x<feFuncR/></g>');
});

it('replaces characters that XML does not allow', () => {
  const text = document.createElementNS(SVG, 'text');
  text.textContent = 'a\u0000b\u001bc\nd';
  expect(serialize(text)).toBe('<text>a\ufffdb\ufffdc\nd</text>');
});
