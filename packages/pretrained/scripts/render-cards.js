// Writes the model cards into README.md, between two marks. add.js does so; to do it alone:
// node packages/pretrained/scripts/render-cards.js
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatCount, formatDuration, formatPercent } from '@convlens/core';

const BEGIN = '<!-- cards: written by scripts/add.js -->';
const END = '<!-- end of cards -->';
const root = new URL('../', import.meta.url);

const fourDigits = (value) => String(Number(value.toPrecision(4)));
const list = (values) => values.map(fourDigits).join(', ');

function inputText({ inputShape, preprocessing }) {
  const { scale, mean, std } = preprocessing;
  return `${inputShape.join(' x ')}, (pixel x ${fourDigits(scale)} - ${list(mean)}) / ${list(std)}`;
}

function trainingText({ recipe, seed, epochs, bestEpoch, seconds, backend }) {
  const settings = recipe ? `recipe ${recipe}` : 'custom settings';
  const duration = formatDuration(seconds);
  const epochsText = `${epochs} epochs, best epoch ${bestEpoch + 1}`;
  return `${settings}, seed ${seed}, ${epochsText}, ${duration} on ${backend}`;
}

function renderCard(card) {
  const { data, evaluation, weights } = card;
  const { float32, float16, count, testSet } = evaluation;
  const trainImages = `${formatCount(data.trainCount)} images for training`;
  const validationImages = `${formatCount(data.validationCount)} for validation`;
  const testImages = `${formatCount(count)} test images (${testSet})`;
  const rows = {
    architecture: `\`${card.architecture}\` of @convlens/models, ${formatCount(card.parameters)} parameters`,
    input: inputText(card),
    classes: card.classNames.join(', '),
    data: `${data.source}; ${trainImages}, ${validationImages}`,
    training: trainingText(card.training),
    accuracy:
      `${formatPercent(float32.accuracy)} on ${testImages}; ` +
      `${formatPercent(float16.accuracy)} with the 16-bit weights of this package`,
    loss: `${float32.loss.toFixed(4)}; ${float16.loss.toFixed(4)} with the 16-bit weights`,
    'intended use': card.intendedUse,
    limitations: card.limitations.join(' '),
    license: card.license,
    weights: `${formatCount(weights.bytes)} bytes, SHA-256 \`${weights.sha256.slice(0, 16)}...\``,
  };
  const lines = Object.entries(rows).map(([name, text]) => `| ${name} | ${text} |`);
  return [`### ${card.id}`, '', '| | |', '|---|---|', ...lines].join('\n');
}

/** Replaces the text between the marks in README.md by all model cards. */
export function renderCards() {
  const cards = readdirSync(new URL('cards', root))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(`cards/${file}`, root), 'utf8')));
  const readme = new URL('README.md', root);
  const [before, rest] = readFileSync(readme, 'utf8').split(BEGIN);
  const [, after] = rest.split(END);
  writeFileSync(readme, `${before}${BEGIN}\n${cards.map(renderCard).join('\n\n')}\n${END}${after}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) renderCards();
