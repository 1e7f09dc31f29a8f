/**
 * What a reader with scripts has beyond the page: a button for the theme, files of the figures, tables that sort,
 * a choice among figures of one kind, and a close look at one. The page's policy runs no script but this one, by its hash, whatever a name or a note holds.
 */
export const REPORT_SCRIPT = `
(() => {
  const root = document.documentElement;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const button = make('button', { className: 'theme', type: 'button' });
  const name = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
  button.onclick = () => { root.dataset.theme = isDark() ? 'light' : 'dark'; name(); };
  name();
  document.body.append(button);

  const save = (blob, file) => {
    const url = URL.createObjectURL(blob);
    make('a', { href: url, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  for (const figure of document.querySelectorAll('figure[data-name]')) {
    const svg = figure.querySelector('svg');
    const text = () => new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
    const links = make('span', { className: 'save' });
    const link = (label, action) => {
      const button = make('button', { type: 'button', textContent: label });
      button.onclick = action;
      links.append(button);
    };
    link('SVG', () => save(text(), figure.dataset.name + '.svg'));
    link('PNG', () => {
      const url = URL.createObjectURL(text());
      const image = new Image();
      image.onload = () => {
        const canvas = make('canvas', { width: 2 * svg.viewBox.baseVal.width, height: 2 * svg.viewBox.baseVal.height });
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob((blob) => save(blob, figure.dataset.name + '.png'));
      };
      image.src = url;
    });
    figure.querySelector('figcaption').append(links);
  }

  for (const section of document.querySelectorAll('section')) {
    const figures = [...section.querySelectorAll('figure[data-choice]')].map((figure) => ({ figure, choice: JSON.parse(figure.dataset.choice) }));
    const names = [...new Set(figures.flatMap(({ choice }) => Object.keys(choice)))];
    const bar = make('div', { className: 'choices' });
    const selects = names.map((name) => {
      const select = make('select');
      for (const value of new Set(figures.flatMap(({ choice }) => choice[name] ?? []))) select.append(make('option', { value, textContent: value }));
      const label = make('label', { textContent: name + ' ' });
      label.append(select);
      if (select.options.length > 1) bar.append(label);
      return [name, select];
    });
    // Keeps what was chosen last, and as much of the rest as there is a figure for.
    const follow = (changed) => {
      const score = ({ choice }) => selects.reduce((sum, [name, select]) =>
        sum + (!(name in choice) || choice[name] === select.value ? (name === changed ? 100 : 1) : 0), 0);
      const best = Math.max(...figures.map(score));
      const first = figures.find((one) => score(one) === best);
      for (const [name, select] of selects) if (name in first.choice) select.value = first.choice[name];
      for (const one of figures) one.figure.hidden = selects.some(([name, select]) => name in one.choice && one.choice[name] !== select.value);
    };
    if (!bar.children.length) continue;
    for (const [name, select] of selects) select.onchange = () => follow(name);
    figures[0].figure.before(bar);
    follow();
    const all = make('button', { type: 'button', textContent: 'Show all' });
    all.onclick = () => { for (const { figure } of figures) figure.hidden = false; };
    bar.append(all);
  }

  // What scrolls sideways, as on a telephone, can be reached by keys.
  const reach = new ResizeObserver((entries) => {
    for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });
  for (const frame of document.querySelectorAll('.scroll')) reach.observe(frame);

  const zoom = make('dialog', { className: 'zoom' });
  zoom.setAttribute('aria-label', 'Figure, enlarged');
  const stage = make('div');
  const close = make('button', { type: 'button', textContent: 'Close' });
  close.onclick = () => zoom.close();
  zoom.append(close, stage);
  zoom.onclick = ({ target }) => { if (target === zoom) zoom.close(); };
  document.body.append(zoom);
  const enlarge = (svg, box) => {
    const copy = svg.cloneNode(true);
    copy.removeAttribute('width');
    copy.removeAttribute('height');
    if (box) copy.setAttribute('viewBox', [box.x - 4, box.y - 4, box.width + 8, box.height + 8].join(' '));
    stage.className = box ? 'one' : 'whole';
    const frame = make('figure');
    frame.append(copy);
    stage.replaceChildren(frame);
    zoom.showModal();
  };
  for (const figure of document.querySelectorAll('figure[data-name]')) {
    const svg = figure.querySelector('svg');
    const button = make('button', { type: 'button', textContent: 'Zoom' });
    button.onclick = () => enlarge(svg);
    figure.querySelector('.save').prepend(button);
    svg.addEventListener('click', ({ target }) => {
      const tile = target.closest('image') && target.closest('g');
      if (!tile || tile === svg) return enlarge(svg);
      // The box of a group is in its own units; the zoomed copy shows that part of the whole.
      const toFigure = svg.getScreenCTM().inverse().multiply(tile.getScreenCTM());
      const box = tile.querySelectorAll('image').length > 2 ? target.getBBox() : tile.getBBox();
      enlarge(svg, { x: box.x * toFigure.a + toFigure.e, y: box.y * toFigure.d + toFigure.f, width: box.width * toFigure.a, height: box.height * toFigure.d });
    });
  }

  const valueOf = (cell) => {
    const number = Number.parseFloat(cell.textContent.replaceAll(',', '').replaceAll('\\u2212', '-'));
    return Number.isNaN(number) ? cell.textContent : number;
  };
  for (const head of document.querySelectorAll('thead th')) {
    const sorter = make('button', { type: 'button', textContent: head.textContent });
    head.replaceChildren(sorter);
    sorter.onclick = () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of head.parentNode.children) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = head.closest('table').tBodies[0];
      const rows = [...body.rows].map((row) => [valueOf(row.cells[head.cellIndex]), row]);
      const compare = (a, b) => typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1;
      rows.sort(([a], [b]) => (down ? -1 : 1) * compare(a, b));
      body.append(...rows.map(([, row]) => row));
    };
  }
})();
`;

/** SHA-256 of the script, base64; its test says the new one when the script changes. */
export const REPORT_SCRIPT_HASH = 'uWj3Lz3ymuhXkd1H51RpKwneKB4se+xzCimC/n7hpIE=';
