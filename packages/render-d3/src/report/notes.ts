import { escapeText } from '../page/serialize.js';

/** Plain text as paragraphs: an empty line separates paragraphs, a line break is kept. */
export const renderParagraphs = (text: string): string =>
  text
    .trim()
    .split(/\r?\n[ \t]*\r?\n/)
    .filter(Boolean)
    .map((paragraph) => `<p>${escapeText(paragraph.trim()).replace(/\r?\n/g, '<br>')}</p>`)
    .join('\n');

/** The items as a list, escaped. */
export const renderList = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`;

/** Notes in a subset of Markdown: "# " headings, "- " lists, paragraphs. All text is escaped. */
export function renderNotes(notes: string): string {
  const blocks: string[] = [];
  let lines: string[] = [];
  let isList = false;
  /** Ends the current list or paragraph. */
  const flush = () => {
    if (isList) blocks.push(renderList(lines));
    else if (lines.length) blocks.push(renderParagraphs(lines.join('\n')));
    lines = [];
    isList = false;
  };
  for (const line of notes.split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^\s*[-*]\s+(.*)$/.exec(line);
    if (heading || !line.trim() || Boolean(item) !== isList) flush();
    if (heading) blocks.push(`<h4>${escapeText(heading[1])}</h4>`);
    else if (item) isList = Boolean(lines.push(item[1]));
    else if (line.trim()) lines.push(line);
  }
  flush();
  return blocks.join('\n');
}
