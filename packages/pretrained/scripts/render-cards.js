// The cards as README.md shows them, between two marks.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- cards: written by scripts/add.js -->';
const END = '<!-- end of cards -->';
const root = new URL('../', import.meta.url);

const percent = (share) => `${(100 * share).toFixed(2)}%`;
const count = (value) => value.toLocaleString('en-US');

function renderCard(card) {
  const { data, training, evaluation, preprocessing, weights } = card;
  const { float32, binary16 } = evaluation;
  const { scale, mean, std } = preprocessing;
  const recipe = training.recipe ? `recipe ${training.recipe} of @convlens/pipeline` : 'settings of its own';
  const rows = [
    ['architecture', `\`${card.architecture}\` of @convlens/models, ${count(card.parameters)} parameters`],
    ['reads', `${card.inputShape.join(' x ')}, (pixel x ${scale.toPrecision(4)} - ${mean.map(short).join(', ')}) / ${std.map(short).join(', ')}`],
    ['classes, in order', card.classNames.join(', ')],
    ['data', `${data.source}; trained on ${count(data.trained)} images, ${count(data.validation)} others chose the epoch`],
    ['training', `${recipe}, seed ${training.seed}, ${training.epochs} epochs, epoch ${training.keptEpoch + 1} kept, ${Math.round(training.seconds)} s on ${training.backend}`],
    ['accuracy', `${percent(float32.accuracy)} of ${count(evaluation.count)} test images (${evaluation.images}); ${percent(binary16.accuracy)} with the 16-bit weights that are here`],
    ['loss', `${float32.loss.toFixed(4)}; ${binary16.loss.toFixed(4)}`],
    ['meant for', card.intendedUse],
    ['limits', card.limits.join(' ')],
    ['licence', card.licence],
    ['weights', `${count(weights.bytes)} bytes, SHA-256 \`${weights.sha256.slice(0, 16)}...\``],
  ]; // prettier-ignore
  return [`### ${card.name}`, '', '| | |', '|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
    '\n',
  );
}

const short = (value) => String(Number(value.toPrecision(4)));

/** Puts every card into README.md, in place of what stands between the marks. */
export function renderCards() {
  const cards = readdirSync(new URL('cards', root))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(`cards/${file}`, root), 'utf8')));
  const readme = new URL('README.md', root);
  const text = readFileSync(readme, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest.split(END)[1];
  writeFileSync(readme, [before, BEGIN, '\n', cards.map(renderCard).join('\n\n'), '\n', END, after].join(''));
}
