import { InputError } from '@convlens/core';
import { renderNotes, renderParagraphs } from './report-notes.js';
import { REPORT_SCRIPT, REPORT_SCRIPT_HASH } from './report-script.js';
import { REPORT_STYLE } from './report-style.js';
import type { Report, ReportFigure, ReportSection, ReportTable } from './report-types.js';
import { escapeText } from './serialize.js';

const DISCUSSION = 'discussion';

/** Nothing is loaded and nothing runs but what the page itself brings. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${REPORT_SCRIPT_HASH}'`,
  'img-src data: blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function renderFigure({ name, svg, caption, reading, choice }: ReportFigure): string {
  const chosen = choice ? ` data-choice="${escapeText(JSON.stringify(choice))}"` : '';
  return `<figure data-name="${escapeText(name)}"${chosen}>
<div class="scroll">${svg}</div>
<figcaption><span>${escapeText(caption ?? name)}${reading ? `<br><small>${escapeText(reading)}</small>` : ''}</span></figcaption>
</figure>`;
}

const isNumber = (cell: string | number | undefined) =>
  typeof cell === 'number' || (cell !== undefined && /^[-−+]?[\d.,]+(e[-−+]?\d+)?%?$/.test(cell));

function renderTable({ title, columns, rows }: ReportTable): string {
  const kinds = columns.map((_, i) =>
    rows.length && rows.every((row) => isNumber(row[i])) ? ' class="number"' : '',
  );
  const head = columns.map((name, i) => `<th scope="col"${kinds[i]}>${escapeText(name)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = columns.map((_, i) => `<td${kinds[i]}>${escapeText(String(row[i] ?? ''))}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="table"><table>${title ? `<caption>${escapeText(title)}</caption>` : ''}
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`;
}

const renderList = (items: readonly string[]) =>
  `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`;

function renderSection({
  id,
  title,
  text = '',
  figures = [],
  tables = [],
  questions = [],
}: ReportSection): string {
  const parts = [
    `<section id="${id}" aria-label="${escapeText(title)}">`,
    `<h2>${escapeText(title)}</h2>`,
    renderParagraphs(text),
    ...figures.map(renderFigure),
    ...tables.map(renderTable),
    questions.length
      ? `<aside class="questions"><h3>Questions to think about</h3>${renderList(questions)}</aside>`
      : '',
    '</section>',
  ];
  return parts.filter(Boolean).join('\n');
}

/** The reader's notes beside every question of the report. */
function renderDiscussion({
  sections,
  discussion: { text = '', questions = [] } = {},
  notes = '',
}: Report): string {
  const groups = sections
    .filter((section) => section.questions?.length)
    .map(
      ({ id, title, questions: own = [] }) =>
        `<h4><a href="#${id}">${escapeText(title)}</a></h4>${renderList(own)}`,
    );
  if (questions.length) groups.push(`<h4>In all</h4>${renderList(questions)}`);
  const own = notes.trim()
    ? renderNotes(notes)
    : '<p class="empty">No notes yet. Write them in notes.md of the run folder, and make the report again.</p>';
  return `<section id="${DISCUSSION}" aria-label="Discussion">
<h2>Discussion</h2>
${renderParagraphs(text)}
<div class="discussion">
<div class="notes"><h3>Notes</h3>
${own}
</div>
${groups.length ? `<aside class="questions"><h3>Questions to think about</h3>${groups.join('\n')}</aside>` : ''}
</div>
</section>`;
}

function expectReport({ sections }: Report): void {
  const ids = new Set<string>([DISCUSSION]);
  for (const { id, figures = [] } of sections) {
    if (!/^[\w-]+$/.test(id))
      throw new InputError(
        `Expected id of a section to be letters, digits, "-" and "_", got ${JSON.stringify(id)}`,
      );
    if (ids.has(id)) throw new InputError(`Expected every section to have an id of its own, got ${id} twice`);
    ids.add(id);
    for (const { name, svg } of figures)
      if (!/^<svg[\s>][\s\S]*<\/svg>\s*$/.test(svg))
        throw new InputError(
          `Expected figure ${name} to be an svg element, got ${JSON.stringify(svg.slice(0, 40))}`,
        );
  }
}

/**
 * One HTML file that holds all of a report: it opens without a network, asks for nothing, and reads well on a telephone
 * and on paper, without scripts too. Throws an InputError if an id is used twice or a figure is no svg element.
 */
export function renderReport(report: Report): string {
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
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
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
