import { escapeText } from './serialize.js';

/** Paragraphs of plain text: an empty line begins another, a line break stays. */
export const renderParagraphs = (text: string): string =>
  text
    .trim()
    .split(/\r?\n[ \t]*\r?\n/)
    .filter(Boolean)
    .map((paragraph) => `<p>${escapeText(paragraph.trim()).replace(/\r?\n/g, '<br>')}</p>`)
    .join('\n');

/** Notes in the little of Markdown that needs no parser: "# " headings, "- " lists, paragraphs. All of it is escaped. */
export function renderNotes(notes: string): string {
  const blocks: string[] = [];
  let lines: string[] = [];
  let isList = false;
  const flush = () => {
    if (isList) blocks.push(`<ul>${lines.map((line) => `<li>${escapeText(line)}</li>`).join('')}</ul>`);
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
