import { createHash } from 'node:crypto';
import { Window } from 'happy-dom';
import { HtmlValidate } from 'html-validate';
import { expect, it } from 'vitest';
import { layerStatisticsTable, renderReport } from '../../src/report.js';
import { REPORT_SCRIPT, REPORT_SCRIPT_HASH } from '../../src/report/script.js';
import { REPORT_STYLE } from '../../src/report/style.js';
import { HOSTILE, makeReport } from '../support/make-report.js';

const html = renderReport(makeReport());
const parse = (text: string) => {
  const { document } = new Window({ settings: { disableJavaScriptEvaluation: true } });
  document.write(text);
  return document;
};
const page = parse(html);

it('is one file without external resources', () => {
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  const outside = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)]
    .map(([, url]) => url)
    .filter((url) => !/^(#|data:)/.test(url));
  expect(outside).toEqual([]);
  expect(html).not.toMatch(/@import|url\(|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
});

it('escapes every text', () => {
  expect(html).not.toContain(HOSTILE);
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/<img/);
  expect(page.querySelector('h2:nth-of-type(1)')).not.toBeNull();
  expect([...page.querySelectorAll('figcaption span')].some((span) => span.textContent === HOSTILE)).toBe(
    true,
  );
  expect([...page.querySelectorAll('.notes p')].some((p) => p.textContent!.includes(HOSTILE))).toBe(true);
});

it('admits only its own script, by the hash in the policy', () => {
  expect(REPORT_SCRIPT_HASH).toBe(createHash('sha256').update(REPORT_SCRIPT).digest('base64'));
  expect(html).toContain(`script-src 'sha256-${REPORT_SCRIPT_HASH}'`);
  expect(html).toContain(`<script>${REPORT_SCRIPT}</script>`);
});

it('lists each section in the contents, the discussion last', () => {
  const links = [...page.querySelectorAll('nav a')].map((a) => a.getAttribute('href'));
  expect(links).toEqual(['#training', '#maps', '#discussion']);
  for (const link of links) expect(page.querySelectorAll(link!)).toHaveLength(1);
});

it('contains every figure with its caption, and no id twice', () => {
  expect(page.querySelectorAll('figure svg')).toHaveLength(8);
  expect(page.querySelector('figure[data-name="training_curves"] figcaption')!.textContent).toContain(
    'halved',
  );
  const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('ends with the notes of the reader and all questions', () => {
  const discussion = page.querySelector('#discussion')!;
  expect(discussion.querySelector('.notes h4')!.textContent).toBe('First look');
  expect([...discussion.querySelectorAll('.notes li')].map((li) => li.textContent)).toEqual([
    'edges',
    'colors & more',
  ]);
  expect(discussion.querySelectorAll('.questions li')).toHaveLength(4);
});

it('says where to write notes if there are none', () => {
  expect(renderReport({ title: 'A run', sections: [] })).toContain('notes.md');
});

it('right-aligns columns of numbers, and leaves missing cells empty', () => {
  const table = {
    columns: ['name', 'fraction'],
    rows: [
      ['a', '1.5%'],
      ['b', '−2'],
    ],
  };
  const section = { id: 'a', title: 'A', tables: [table, { columns: ['x', 'y'], rows: [['1']] }] };
  const cells = [...parse(renderReport({ title: 'T', sections: [section] })).querySelectorAll('td')];
  expect(cells.map((cell) => [cell.textContent, cell.className])).toEqual([
    ['a', ''],
    ['1.5%', 'number'],
    ['b', ''],
    ['−2', 'number'],
    ['1', 'number'],
    ['', ''],
  ]);
});

it('maps the colors of the light theme to those of the dark theme', () => {
  expect(REPORT_STYLE).toContain(':root[data-theme=dark] figure svg [fill="#ffffff"]{fill:#12171e}');
});

it('refuses duplicate and invalid ids, and figures that are not an svg element', () => {
  const section = { id: 'a', title: 'A' };
  const report = (sections: Parameters<typeof renderReport>[0]['sections']) => () =>
    renderReport({ title: 'T', sections });
  expect(report([section, section])).toThrow('Expected unique section ids, got a twice');
  expect(report([{ ...section, id: 'a b' }])).toThrow(
    'Expected id of a section to be letters, digits, "-" and "_", got "a b"',
  );
  expect(report([{ ...section, figures: [{ name: 'f', svg: '<img>' }] }])).toThrow(
    'Expected figure f to be an svg element, got "<img>"',
  );
});

it('sums the statistics of the channels of a layer', () => {
  const channel = { min: 0, zeros: 1, nonPositive: 2, histogram: new Float64Array(0) };
  const channels = [
    { ...channel, count: 4, sum: 6, sumOfSquares: 14, max: 3 },
    { ...channel, count: 4, sum: 2, sumOfSquares: 2, max: 1 },
  ];
  const { columns, rows } = layerStatisticsTable([
    { layer: 'conv1', shape: [2, 2, 2], imageCount: 1, channels },
  ]);
  expect(columns).toHaveLength(rows[0].length);
  // Mean 8 / 8, variance 16 / 8 - 1.
  expect(rows).toEqual([['conv1', '2 × 2 × 2', '8', '1', '1', '0', '3', '25.0%', '50.0%']]);
});

it('is valid HTML, even with hostile names', async () => {
  const validator = new HtmlValidate({ extends: ['html-validate:standard'] });
  const { results } = await validator.validateString(html);
  const messages = results.flatMap((result) => result.messages);
  expect(messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`)).toEqual([]);
});
