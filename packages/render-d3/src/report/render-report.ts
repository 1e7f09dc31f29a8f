import { expectList, InputError } from '@convlens/core';
import { escapeText } from '../page/serialize.js';
import { renderList, renderNotes, renderParagraphs } from './notes.js';
import { REPORT_SCRIPT, REPORT_SCRIPT_HASH } from './script.js';
import { REPORT_STYLE } from './style.js';
import type { Report, ReportFigure, ReportSection, ReportTable } from './types.js';

const NO_NOTES = 'No notes yet. Write them to notes.md in the run folder and regenerate the report.';

/** The id of the last section. */
const DISCUSSION = 'discussion';

/** Admits the style and the script of the page, and images in data URLs; nothing is loaded. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${REPORT_SCRIPT_HASH}'`,
  'img-src data: blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function renderReportFigure({ name, svg, caption, note, facets }: ReportFigure): string {
  const facetsAttribute = facets ? ` data-facets="${escapeText(JSON.stringify(facets))}"` : '';
  const noteHtml = note ? `<br><small>${escapeText(note)}</small>` : '';
  return `<figure data-name="${escapeText(name)}"${facetsAttribute}>
<div class="scroll">${svg}</div>
<figcaption><span>${escapeText(caption ?? name)}${noteHtml}</span></figcaption>
</figure>`;
}

const isNumber = (cell: string | number | undefined) =>
  typeof cell === 'number' || (cell !== undefined && /^[-−+]?[\d.,]+(e[-−+]?\d+)?%?$/.test(cell));

function renderReportTable({ title, columns, rows }: ReportTable): string {
  const classes = columns.map((_, i) =>
    rows.length && rows.every((row) => isNumber(row[i])) ? ' class="number"' : '',
  );
  const head = columns.map((name, i) => `<th scope="col"${classes[i]}>${escapeText(name)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = columns.map((_, i) => `<td${classes[i]}>${escapeText(String(row[i] ?? ''))}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="table"><table>${title ? `<caption>${escapeText(title)}</caption>` : ''}
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`;
}

const renderQuestions = (content: string) =>
  content && `<aside class="questions"><h3>Questions to think about</h3>${content}</aside>`;

function renderSection(section: ReportSection): string {
  const { id, title, text = '', figures = [], tables = [], questions = [] } = section;
  const parts = [
    `<section id="${id}" aria-label="${escapeText(title)}">`,
    `<h2>${escapeText(title)}</h2>`,
    renderParagraphs(text),
    ...figures.map(renderReportFigure),
    ...tables.map(renderReportTable),
    renderQuestions(questions.length ? renderList(questions) : ''),
    '</section>',
  ];
  return parts.filter(Boolean).join('\n');
}

/** All questions of the report: those of each section below a link to it, then those about the whole. */
function renderAllQuestions({ sections, discussion: { questions = [] } = {} }: Report): string {
  const groups = sections.flatMap(({ id, title, questions: ofSection = [] }) =>
    ofSection.length ? [`<h4><a href="#${id}">${escapeText(title)}</a></h4>${renderList(ofSection)}`] : [],
  );
  if (questions.length) groups.push(`<h4>Overall</h4>${renderList(questions)}`);
  return renderQuestions(groups.join('\n'));
}

/** The notes of the reader beside all questions of the report. */
function renderDiscussion(report: Report): string {
  const { discussion: { text = '' } = {}, notes = '' } = report;
  const notesHtml = notes.trim() ? renderNotes(notes) : `<p class="empty">${NO_NOTES}</p>`;
  return `<section id="${DISCUSSION}" aria-label="Discussion">
<h2>Discussion</h2>
${renderParagraphs(text)}
<div class="discussion">
<div class="notes"><h3>Notes</h3>
${notesHtml}
</div>
${renderAllQuestions(report)}
</div>
</section>`;
}

function expectSvg({ name, svg }: ReportFigure): void {
  if (!/^<svg[\s>][\s\S]*<\/svg>\s*$/.test(svg))
    throw new InputError(
      `Expected figure ${name} to be an svg element, got ${JSON.stringify(svg.slice(0, 40))}`,
    );
}

function expectReport({ sections }: Report): void {
  const ids = new Set<string>([DISCUSSION]);
  for (const { id, figures = [] } of sections) {
    if (!/^[\w-]+$/.test(id))
      throw new InputError(
        `Expected id of a section to be letters, digits, "-" and "_", got ${JSON.stringify(id)}`,
      );
    if (ids.has(id)) throw new InputError(`Expected unique section ids, got ${id} twice`);
    ids.add(id);
    figures.forEach(expectSvg);
  }
}

/**
 * A report as one HTML file. It opens without a network, loads nothing, and works on a phone, on paper and
 * without scripts.
 *
 * @throws InputError if a section id is invalid or occurs twice, or if a figure is not an svg element
 */
export function renderReport(report: Report): string {
  expectList('sections', report?.sections);
  expectReport(report);
  const { title, subtitle, facts = [], sections } = report;
  const links = [...sections, { id: DISCUSSION, title: 'Discussion' }].map(
    (section) => `<li><a href="#${section.id}">${escapeText(section.title)}</a></li>`,
  );
  const cards = facts.map(
    ({ label, value }) => `<div><dt>${escapeText(label)}</dt><dd>${escapeText(String(value))}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<link rel="icon" href="data:,">
<style>${REPORT_STYLE}
</style>
</head>
<body>
<div class="layout">
<nav aria-label="Contents">
<p>Contents</p>
<ol>
${links.join('\n')}
</ol>
</nav>
<main>
<header>
<h1>${escapeText(title)}</h1>
${subtitle ? `<p class="subtitle">${escapeText(subtitle)}</p>` : ''}
${cards.length ? `<dl class="facts">\n${cards.join('\n')}\n</dl>` : ''}
</header>
${sections.map(renderSection).join('\n')}
${renderDiscussion(report)}
</main>
</div>
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}
